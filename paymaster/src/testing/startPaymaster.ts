// The whole service for a test, in this process, over a test's own chain and data file.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings } from '@worldland-aa/service/config/loadSettings'
import { createLogger, type LogLevel } from '@worldland-aa/service/logger'
import { expect } from 'vitest'
import { type PaymasterConfig, paymasterDefinition } from '../config.ts'
import { createPaymaster, type Paymaster } from '../paymaster.ts'
import type { Chain } from './startChain.ts'

export type PaymasterUnderTest = {
  readonly url: string
  readonly config: PaymasterConfig
  stop(): Promise<void>
}

/** Settings as an operator writes them; `policies` is the content of the policy file. */
export async function startPaymaster(
  chain: Chain,
  options: { readonly settings?: Record<string, unknown>; readonly policies?: unknown } = {},
): Promise<PaymasterUnderTest> {
  const config = paymasterConfig(chain, options)
  const paymaster: Paymaster = await createPaymaster(config, testLogger)
  await paymaster.start()
  await paymaster.ready()
  return { url: paymaster.url(), config, stop: () => paymaster.stop() }
}

/** Waits until the service has taken in the newest block there is now, or a later one. */
export async function untilSettled(chain: Chain, url: string): Promise<void> {
  const head = await chain.client.getBlockNumber({ cacheTime: 0 })
  const settledTo = async (): Promise<number> => {
    const { checks } = (await (await fetch(`${url}/health`)).json()) as { checks: { settledTo: string } }
    return Number(checks.settledTo)
  }
  await expect.poll(settledTo).toBeGreaterThanOrEqual(Number(head))
}

export const testLogger = createLogger({ name: 'test', level: 'silent' satisfies LogLevel })

export function paymasterConfig(
  chain: Chain,
  options: { readonly settings?: Record<string, unknown>; readonly policies?: unknown } = {},
): PaymasterConfig {
  const folder = mkdtempSync(join(tmpdir(), 'paymaster-'))
  const file = join(folder, 'settings.json')
  const policies = join(folder, 'policies.json')
  writeFileSync(policies, JSON.stringify(options.policies ?? { policies: [] }))
  const settings = {
    rpcUrl: chain.anvil.url,
    paymaster: chain.paymaster,
    signerKey: chain.signerKey,
    port: 0,
    pollMilliseconds: 50,
    finalityBlocks: 3,
    dataFile: join(folder, 'ledger.sqlite'),
    callsPerSecond: 0,
    policies,
    ...options.settings,
  }
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  const loaded = loadSettings(paymasterDefinition, { flags: { config: file }, environment: {} })
  if (!loaded.ok) throw new Error(loaded.refusal.message)
  return loaded.value
}
