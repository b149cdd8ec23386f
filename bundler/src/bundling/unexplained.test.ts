// A bundle that reverted, and a node that does not tell why: it may have let go of that block's state.
import { createPublicClient, type Hash, http, type PublicClient } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

let chain: AccountChain
let core: BundlerCore
/** Of this block the node tells nothing. */
let forgotten: Hash | undefined
let askedInVain = 0

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 3 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  await chain.mine()
  core = await startBundlerCore({ client: forgetfulClient(), executors: await chain.executors(2) })
})
afterEach(async () => await core.stop())

function forgetfulClient(): PublicClient {
  return createPublicClient({
    chain: chain.client.chain,
    cacheTime: 0,
    transport: http(`${chain.url}/?forgetful`, {
      retryCount: 0,
      async fetchFn(input, init) {
        const body = String(init?.body)
        if (forgotten === undefined || !body.includes('eth_call') || !body.includes(forgotten)) {
          return await fetch(input, init)
        }
        askedInVain++
        const error = { code: -32000, message: 'missing trie node' }
        return new Response(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, error }))
      },
    }),
  }) as PublicClient
}

async function add(...operations: readonly ValidatedOperation[]): Promise<void> {
  for (const one of operations) expect(await core.mempool.add(one)).toMatchObject({ ok: true })
}

async function mineAndLook(): Promise<void> {
  await chain.mine()
  await core.look()
}

it('holds up no other bundle, and is asked about for some blocks only', async () => {
  const all = await Promise.all(chain.accounts.map(account => chain.operation(account)))
  const [spoiler, ...others] = all as [ValidatedOperation, ...ValidatedOperation[]]
  await add(spoiler)
  await core.bundling.sendNow()
  await chain.anvil.setBalance({ address: spoiler.userOperation.sender, value: 0n })
  await chain.mine()
  forgotten = (await chain.client.getBlock()).hash
  await mineAndLook()
  await add(...others)
  expect(await core.bundling.sendNow()).toHaveLength(1)
  for (let block = 0; block < 8; block++) {
    await mineAndLook()
    await core.bundling.sendNow()
  }
  const landed = await Promise.all(others.map(one => chain.landings(one.userOperationHash)))
  expect(landed.map(found => found.length)).toEqual([1, 1])
  expect(core.mempool.get(spoiler.userOperationHash)).toBeUndefined()
  const before = askedInVain
  expect(before).toBeGreaterThan(0)
  await core.bundling.sendNow()
  expect(askedInVain).toBe(before)
})
