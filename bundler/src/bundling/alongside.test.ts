import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import {
  type Address,
  concatHex,
  createPublicClient,
  type Hash,
  type Hex,
  http,
  type PrivateKeyAccount,
  type PublicClient,
} from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { stakeOf } from '../testing/validated.ts'
import { assemble, revertingCode, revertUnless } from '../validation/testing/assemble.ts'
import { freshAddress } from '../validation/testing/testChain.ts'
import type { SlotAccess, ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
const slotZero: Hex = `0x${'00'.repeat(32)}`
const counting: SlotAccess = { reads: [slotZero], writes: [slotZero] }
/** Answers what it holds, and counts on by what it is called with. */
const counter = assemble('0 SLOAD DUP1 0 MSTORE 0 CALLDATALOAD ADD 0 SSTORE 32 0 RETURN')

/** An account that pays, counts on by `step`, and accepts while the count before is less than `bound`; it executes nothing. */
function accountCounting(shared: Address, step: number, bound: number): Hex {
  const onlyValidating = '0 CALLDATALOAD 0xe0 SHR 0x19822f7c EQ 16 JUMPI STOP JUMPDEST'
  const ask = `${onlyValidating} ${step} 0 MSTORE 32 0 32 0 0 ${shared} GAS CALL POP`
  return concatHex([
    revertUnless(`${ask} ${bound} 0 MLOAD LT`),
    assemble('0 0 0 0 0x44 CALLDATALOAD CALLER GAS CALL POP 0 0 MSTORE 32 0 RETURN'),
  ])
}

let chain: AccountChain
let cleanState: Hash
let core: BundlerCore | undefined
let executors: readonly PrivateKeyAccount[]
let shared: Address
let calls: string[]

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 8 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  cleanState = await chain.anvil.snapshot()
  executors = await chain.executors(4)
  shared = freshAddress()
  await chain.anvil.setCode({ address: shared, bytecode: counter })
  await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: gwei })
  await chain.mine()
  calls = []
})
afterEach(async () => {
  await core?.stop()
  core = undefined
  await chain.anvil.revert({ id: cleanState })
})

async function start(): Promise<BundlerCore> {
  core = await startBundlerCore({
    client: countingClient(),
    executors,
    submissionLimits: { maxInFlightPerExecutor: 1 },
  })
  return core
}

function countingClient(): PublicClient {
  const transport = http(`${chain.url}/?counting`, {
    retryCount: 0,
    async fetchFn(input, init) {
      const body = String(init?.body)
      if (body.includes('"eth_call"') && body.includes(entryPoint07Address)) calls.push(body)
      return await fetch(input, init)
    },
  })
  return createPublicClient({ chain: chain.client.chain, cacheTime: 0, transport }) as PublicClient
}

type Account = { readonly step: number; readonly bound: number; readonly storage?: SlotAccess }

/** Operations of accounts that count on in one contract, for which a staked factory answers. */
async function counted(accounts: readonly Account[]): Promise<ValidatedOperation[]> {
  const factory = stakeOf(freshAddress(), true)
  return await Promise.all(
    accounts.map(async ({ step, bound, storage = counting }, index) => {
      const address = chain.accounts[index] as Address
      await chain.anvil.setCode({ address, bytecode: accountCounting(shared, step, bound) })
      const one = await chain.operation(address)
      return { ...one, entities: { ...one.entities, factory }, storage: { [shared]: storage } }
    }),
  )
}

/** Adds each when the one before has been sent, and says which are on their way then. */
async function sendOneByOne(
  running: BundlerCore,
  operations: readonly ValidatedOperation[],
): Promise<readonly string[]> {
  for (const operation of operations) {
    expect(await running.mempool.add(operation)).toMatchObject({ ok: true })
    await running.bundling.sendNow()
  }
  return operations.map(one => running.mempool.get(one.userOperationHash)?.state ?? 'gone')
}

async function mineAndLook(running: BundlerCore): Promise<void> {
  await chain.mine()
  await running.look()
}

async function statuses(hashes: Iterable<Hash>): Promise<readonly string[]> {
  return await Promise.all(
    [...hashes].map(async hash => (await chain.client.getTransactionReceipt({ hash })).status),
  )
}

describe('an operation whose validation meets one on its way in a slot that one of them writes', () => {
  it('waits if it would fail behind it, and makes no bundle revert', async () => {
    const running = await start()
    const all = await counted([
      { step: 1, bound: 1 },
      { step: 1, bound: 1 },
    ])
    expect(await sendOneByOne(running, all)).toEqual(['submitted', 'pending'])
    await mineAndLook(running)
    const [first, second] = all as [ValidatedOperation, ValidatedOperation]
    expect(await statuses(await chain.landings(first.userOperationHash))).toEqual(['success'])
    await running.bundling.sendNow()
    // What the first has left makes it fail: told by second validation, at the cost of nobody's gas.
    expect(await running.mempool.find(second.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { message: expect.stringMatching(/^AA23/) },
    })
    expect(running.reputation.statusOf(second.entities.factory?.address as Address)).toBe('ok')
  })

  it('waits if the other would fail behind it, for none knows which executor lands first', async () => {
    const running = await start()
    const all = await counted([
      { step: 0, bound: 1 },
      { step: 1, bound: 9 },
    ])
    expect(await sendOneByOne(running, all)).toEqual(['submitted', 'pending'])
    await mineAndLook(running)
    await running.bundling.sendNow()
    await mineAndLook(running)
    for (const one of all)
      expect(await statuses(await chain.landings(one.userOperationHash))).toEqual(['success'])
  })

  it('goes at once if the EntryPoint takes both in either order', async () => {
    const running = await start()
    const all = await counted(Array.from({ length: 4 }, () => ({ step: 1, bound: 4 })))
    expect(await sendOneByOne(running, all)).toEqual(Array(4).fill('submitted'))
    await mineAndLook(running)
    for (const one of all)
      expect(await statuses(await chain.landings(one.userOperationHash))).toEqual(['success'])
  })

  it('waits if it is one too many for what all those on their way leave together', async () => {
    const running = await start()
    const all = await counted(Array.from({ length: 4 }, () => ({ step: 1, bound: 3 })))
    expect(await sendOneByOne(running, all)).toEqual(['submitted', 'submitted', 'submitted', 'pending'])
  })

  it('lets the others of its bundle go', async () => {
    const running = await start()
    const [first, ...rest] = await counted([
      { step: 1, bound: 3 },
      { step: 1, bound: 1 },
      { step: 1, bound: 3 },
    ])
    await sendOneByOne(running, [first as ValidatedOperation])
    const ordinary = await chain.operation(chain.accounts[7] as Address)
    for (const one of [...rest, ordinary]) expect(await running.mempool.add(one)).toMatchObject({ ok: true })
    await running.bundling.sendNow()
    expect([...rest, ordinary].map(one => running.mempool.get(one.userOperationHash)?.state)).toEqual([
      'pending',
      'submitted',
      'submitted',
    ])
  })

  it('does not wait for one that fails by itself', async () => {
    const running = await start()
    const all = await counted(Array.from({ length: 3 }, () => ({ step: 1, bound: 3 })))
    expect(await sendOneByOne(running, all.slice(0, 2))).toEqual(['submitted', 'submitted'])
    const [spoilt, , third] = all as [ValidatedOperation, ValidatedOperation, ValidatedOperation]
    await chain.anvil.setCode({ address: spoilt.userOperation.sender, bytecode: revertingCode })
    expect(await sendOneByOne(running, [third])).toEqual(['submitted'])
  })
})

it('nobody is asked about accounts that only read what they share', async () => {
  const running = await start()
  const reading = { reads: [slotZero], writes: [] }
  const all = await counted(Array.from({ length: 4 }, () => ({ step: 0, bound: 9, storage: reading })))
  expect(await sendOneByOne(running, all)).toEqual(Array(4).fill('submitted'))
  // One simulation for each bundle, as ever.
  expect(calls).toHaveLength(4)
})
