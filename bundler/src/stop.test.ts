// A stop in the middle of everything: what was acknowledged is on the disk, and nothing is written behind its back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings } from '@worldland-aa/service/config/loadSettings'
import { createLogger } from '@worldland-aa/service/logger'
import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import type { Hash, Hex } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBundler } from './bundler.ts'
import { bundlerDefinition } from './config.ts'
import { entryPoint07 } from './entryPoint/entryPoint07.ts'
import { type AccountChain, startAccountChain } from './testing/accountChain.ts'

const accountCount = 8
let chain: AccountChain
let folder: string
beforeAll(async () => {
  chain = await startAccountChain({ accounts: accountCount })
  folder = mkdtempSync(join(tmpdir(), 'stop-'))
})
afterAll(async () => {
  await chain?.stop()
  rmSync(folder, { recursive: true })
})

/** The bundler, where it serves once it does, and what it complains of. */
async function create(dataFile: string) {
  const complaints: string[] = []
  let url: string | undefined
  const write = (line: string): void => {
    const said = JSON.parse(line) as { level: number; msg: string; url?: string }
    if (said.level > 40) complaints.push(line)
    if (said.msg === 'serving') url = said.url
  }
  const key: Hex = generatePrivateKey()
  await chain.anvil.setBalance({ address: privateKeyToAddress(key), value: 10n ** 20n })
  const file = `${dataFile}.json`
  const settings = { rpcUrl: chain.url, port: 0, dataFile, tracer: 'debug', pollMilliseconds: 50 }
  writeFileSync(file, JSON.stringify({ ...settings, callsPerSecond: 0, unpaidMillisecondsPerSecond: 0 }))
  const environment = { WORLDLAND_BUNDLER_EXECUTOR_KEYS: key }
  const loaded = loadSettings(bundlerDefinition, { flags: { config: file }, environment })
  if (!loaded.ok) throw new Error(loaded.refusal.message)
  const bundler = await createBundler(loaded.value, createLogger({ name: 'test', level: 'info' }, { write }))
  return { bundler, url: () => url ?? '', complaints }
}

let round = 0

/** Sends one operation of the account after the other until nobody answers; those that were acknowledged. */
async function sendUntilGone(url: string, account: Hex, onAcknowledged: () => void): Promise<Hash[]> {
  const acknowledged: Hash[] = []
  for (let lane = 1_000 * ++round; ; lane++) {
    const { userOperation } = await chain.operation(account, { nonce: BigInt(lane) << 64n })
    const wire = formatUserOperationRequest(entryPoint07.wire.fromOperation(userOperation))
    const params = [wire, entryPoint07.canonicalAddress]
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendUserOperation', params })
    try {
      const headers = { 'content-type': 'application/json' }
      const answer = (await (await fetch(url, { method: 'POST', headers, body })).json()) as {
        result?: Hash
        error?: { message: string }
      }
      // Some wait for what its account has in flight.
      if (answer.result === undefined) continue
      acknowledged.push(answer.result)
      onAcknowledged()
    } catch (error) {
      if (error instanceof TypeError) return acknowledged
      throw error
    }
  }
}

describe('a stop', () => {
  it.each([1, 5, 12])(
    'after %i acknowledgements, while more come and blocks too, loses none',
    async after => {
      const dataFile = join(folder, `${after}.sqlite`)
      const { bundler, url, complaints } = await create(dataFile)
      await bundler.start()
      let left = after
      let stopped: Promise<void> | undefined
      const onAcknowledged = (): void => {
        if (--left === 0) stopped = bundler.stop()
      }
      let isOver = false
      const blocks = (async () => {
        while (!isOver) await chain.mine()
      })()
      const acknowledged = await Promise.all(
        chain.accounts.map(account => sendUntilGone(url(), account, onAcknowledged)),
      )
      await stopped
      isOver = true
      await blocks
      const rows = lookIntoDatabase(dataFile, 'select hash from operation') as { hash: Hash }[]
      expect(rows.map(row => row.hash)).toEqual(expect.arrayContaining(acknowledged.flat()))
      expect(acknowledged.flat().length).toBeGreaterThanOrEqual(after)
      expect(complaints).toEqual([])
    },
  )

  it('gives up what is still starting', async () => {
    const dataFile = join(folder, 'early.sqlite')
    for (let time = 0; time < 3; time++) {
      const { bundler, complaints } = await create(dataFile)
      const started = bundler.start()
      await bundler.stop()
      await started
      expect(complaints).toEqual([])
    }
  })
})
