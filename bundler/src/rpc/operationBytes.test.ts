// How large an operation may be is the operator's to say: --max-operation-bytes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hash } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerUnderTest, startBundler } from '../testing/startBundler.ts'
import { executeCall } from '../validation/testing/simpleAccount.ts'

let chain: AccountChain
let folder: string
let bundler: BundlerUnderTest | undefined
beforeAll(async () => {
  chain = await startAccountChain({ accounts: 1 })
  folder = mkdtempSync(join(tmpdir(), 'operation-bytes-'))
})
afterEach(async () => {
  await bundler?.stop()
  bundler = undefined
})
afterAll(async () => {
  await chain?.stop()
  rmSync(folder, { recursive: true })
})

type Answer = { readonly result?: unknown; readonly error?: unknown }

async function ask(method: string, ...params: readonly unknown[]): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  return (await (await fetch(bundler?.url ?? '', { method: 'POST', headers, body })).json()) as Answer
}

async function start(flags: Readonly<Record<string, string>> = {}): Promise<void> {
  const settingsFile = join(folder, 'settings.json')
  bundler = await startBundler({ chain, settingsFile, dataFile: join(folder, 'bundler.sqlite'), flags })
}

/** Its callData carries 9,000 bytes to somebody who does nothing with them. */
async function sendLarge(): Promise<Answer> {
  const [account = '0x'] = chain.accounts
  const callData = executeCall(`0x${'aa'.repeat(20)}`, `0x${'ab'.repeat(9_000)}`)
  const { userOperation } = await chain.operation(account, { callData })
  const wire = formatUserOperationRequest(entryPoint07.wire.fromOperation(userOperation))
  return await ask('eth_sendUserOperation', wire, entryPoint07.canonicalAddress)
}

describe('an operation of more than 8,192 bytes', () => {
  it('is refused, with how large one may be and what to do', async () => {
    await start()
    const message = expect.stringMatching(
      /userOperation takes \d+ bytes; at most 8192 are taken: move data out/,
    )
    expect(await sendLarge()).toMatchObject({ error: { code: -32602, message } })
  })

  it('lands where --max-operation-bytes lets it in', async () => {
    await start({ maxOperationBytes: '16384' })
    const { result: hash, error } = await sendLarge()
    expect(error).toBeUndefined()
    const receiptAfterBlock = async (): Promise<unknown> => {
      await chain.mine()
      return (await ask('eth_getUserOperationReceipt', hash)).result
    }
    await expect.poll(receiptAfterBlock, { timeout: 30_000, interval: 100 }).toMatchObject({ success: true })
    expect(await chain.landings(hash as Hash)).toHaveLength(1)
  })
})
