// The whole bundler for a test, in this process, over a test's own chain and data file.
import { writeFileSync } from 'node:fs'
import { loadSettings } from '@worldland-aa/service/config/loadSettings'
import { createLogger } from '@worldland-aa/service/logger'
import { type Hex, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { createBundler } from '../bundler.ts'
import { bundlerDefinition } from '../config.ts'
import type { AccountChain } from './accountChain.ts'

export type BundlerUnderTest = {
  readonly url: string
  stop(): Promise<void>
}

/** `flags` by the names of the settings; the others are written to `settingsFile`. */
export async function startBundler(options: {
  readonly chain: AccountChain
  readonly settingsFile: string
  readonly dataFile: string
  readonly flags?: Readonly<Record<string, string>>
}): Promise<BundlerUnderTest> {
  const { chain, settingsFile, dataFile, flags = {} } = options
  const key: Hex = generatePrivateKey()
  await chain.anvil.setBalance({ address: privateKeyToAddress(key), value: parseEther('100') })
  const settings = { rpcUrl: chain.url, port: 0, dataFile, tracer: 'debug', pollMilliseconds: 50 }
  writeFileSync(
    settingsFile,
    JSON.stringify({ ...settings, callsPerSecond: 0, unpaidMillisecondsPerSecond: 0 }),
  )
  const loaded = loadSettings(bundlerDefinition, {
    flags: { config: settingsFile, ...flags },
    environment: { WORLDLAND_BUNDLER_EXECUTOR_KEYS: key },
  })
  if (!loaded.ok) throw new Error(loaded.refusal.message)
  let url = ''
  const write = (line: string): void => {
    const said = JSON.parse(line) as { msg: string; url?: string }
    if (said.msg === 'serving') url = said.url ?? ''
  }
  const bundler = await createBundler(loaded.value, createLogger({ name: 'test', level: 'info' }, { write }))
  await bundler.start()
  return { url, stop: () => bundler.stop() }
}
