import fc from 'fast-check'
import {
  type Address,
  concatHex,
  createWalletClient,
  type Hex,
  http,
  keccak256,
  numberToHex,
  pad,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, type BundlerCoreOptions, startBundlerCore } from '../testing/bundlerCore.ts'
import { sponsoredBy } from '../testing/validated.ts'
import { keyedSlots } from '../validation/rules/keyedSlots.ts'
import { paymasterCode } from '../validation/testing/assemble.ts'
import { freshAddress } from '../validation/testing/testChain.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
const closedSlot = 7n
let chain: AccountChain
let cleanState: Hex
let core: BundlerCore | undefined
let executors: readonly PrivateKeyAccount[]
let paymaster: Address

/**
 * Pays for whoever has the lowest bit set at `keccak(sender || 0)`, as a tank or an allowance would be, while slot 7
 * is zero. 64 bytes of calldata are a slot and what to write there.
 */
const tankPaymaster = paymasterCode(
  `CALLDATASIZE 64 EQ ISZERO 16 JUMPI 32 CALLDATALOAD 0 CALLDATALOAD SSTORE STOP JUMPDEST
   0x64 CALLDATALOAD 0 MSTORE 0 32 MSTORE 64 0 KECCAK256 SLOAD ${closedSlot} SLOAD ISZERO AND 47 JUMPI
   0 0 REVERT JUMPDEST`,
)

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 4 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  cleanState = await chain.anvil.snapshot()
  executors = await chain.executors(2)
  await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: gwei })
  paymaster = freshAddress()
  await chain.anvil.setCode({ address: paymaster, bytecode: tankPaymaster })
  for (const account of chain.accounts) await put(tankOf(account), 1n)
  await chain.deposit(paymaster, 10n ** 18n)
})
afterEach(async () => {
  await core?.stop()
  core = undefined
  await chain.anvil.revert({ id: cleanState })
})

const word = (value: bigint): Hex => numberToHex(value, { size: 32 })
const tankOf = (account: Address): Hex => keccak256(concatHex([pad(account), word(0n)]))
const put = async (slot: Hex, value: bigint) =>
  await chain.anvil.setStorageAt({ address: paymaster, index: slot, value: word(value) })

/** Goes before whatever pays less, and behind what pays more. */
async function write(slot: Hex, value: bigint, tip = 40n * gwei): Promise<void> {
  const [account] = await chain.executors(1)
  const wallet = createWalletClient({ chain: chain.client.chain, transport: http(chain.url), account })
  await wallet.sendTransaction({
    account: account as PrivateKeyAccount,
    chain: wallet.chain,
    to: paymaster,
    data: concatHex([slot, word(value)]),
    gas: 100_000n,
    maxFeePerGas: (11n * gwei) / 10n + tip,
    maxPriorityFeePerGas: tip,
  })
}

async function start(options: Partial<BundlerCoreOptions> = {}): Promise<BundlerCore> {
  core = await startBundlerCore({ client: chain.client, executors, ...options })
  return core
}
async function sponsored(index = 0): Promise<ValidatedOperation> {
  return await chain.operation(chain.accounts[index] as Address, sponsoredBy(paymaster))
}
async function added(running: BundlerCore, operation: ValidatedOperation): Promise<void> {
  expect(await running.mempool.add(operation)).toMatchObject({ ok: true })
}
/** The bundle is under way; what `meanwhile` sends lands before it in the same block, and it reverts. */
async function revertsAfter(running: BundlerCore, meanwhile: () => Promise<void>): Promise<void> {
  expect(await running.bundling.sendNow()).toHaveLength(1)
  await meanwhile()
  await chain.mine()
  await running.look()
  await running.bundling.sendNow()
}

describe('a bundle that reverts because a paymaster refuses', () => {
  it('is the blame of the sender who took back what only he could, and never of the paymaster', async () => {
    const running = await start()
    const one = await sponsored()
    const { sender } = one.userOperation
    await added(running, one)
    await revertsAfter(running, () => write(tankOf(sender), 0n))
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { message: expect.stringContaining('AA33') },
    })
    expect(running.reputation.statusOf(paymaster)).toBe('ok')
    expect(running.reputation.statusOf(sender)).toBe('throttled')
  })

  it('is the blame of the paymaster that changed itself, whatever its sender changed besides', async () => {
    const running = await start()
    const one = await sponsored()
    await added(running, one)
    await revertsAfter(running, async () => {
      await write(word(closedSlot), 1n)
      await write(tankOf(one.userOperation.sender), 0n)
    })
    expect(running.reputation.statusOf(paymaster)).toBe('banned')
    expect(running.reputation.statusOf(one.userOperation.sender)).toBe('ok')
  })

  it('is the blame of the sender also where others’ changes, which do no harm, fell into the same block', async () => {
    const running = await start()
    const one = await sponsored()
    await added(running, one)
    await revertsAfter(running, async () => {
      await write(tankOf(chain.accounts[3] as Address), 0n)
      await write(word(9n), 1n)
      await write(tankOf(one.userOperation.sender), 0n)
    })
    expect(running.reputation.statusOf(paymaster)).toBe('ok')
  })

  it('keeps a sender out who does it again and again, though it has no stake', async () => {
    const running = await start()
    const { sender } = (await sponsored()).userOperation
    for (const _ of [1, 2, 3]) {
      await put(tankOf(sender), 1n)
      await chain.mine()
      await running.look()
      await added(running, await sponsored())
      await revertsAfter(running, () => write(tankOf(sender), 0n))
    }
    expect(running.reputation.statusOf(sender)).toBe('banned')
    expect(running.reputation.statusOf(paymaster)).toBe('ok')
    await put(tankOf(sender), 1n)
    expect(await running.mempool.add(await sponsored())).toMatchObject({ ok: false })
  })

  it('is sent alone when it reverted for what was gone after its block, and not a third time', async () => {
    const running = await start()
    const [one, other] = [await sponsored(0), await sponsored(1)]
    await added(running, one)
    await added(running, other)
    const tank = tankOf(one.userOperation.sender)
    const backAndForth = async () => {
      await write(tank, 0n)
      await write(tank, 1n, 1n)
    }
    await revertsAfter(running, backAndForth)
    // Each has a bundle of its own by now; the good one lands.
    await backAndForth()
    await chain.mine()
    await running.look()
    await running.bundling.sendNow()
    expect(await chain.landings(other.userOperationHash)).toHaveLength(1)
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({ state: 'dropped' })
    expect(running.reputation.statusOf(paymaster)).toBe('ok')
  })

  it('bans nobody where the node cannot tell what the state was', async () => {
    const running = await start()
    const one = await sponsored()
    const unknown = { number: 1n, hash: keccak256('0x00') }
    await added(running, { ...one, verifiedAt: unknown })
    // Second validation is passed over: nothing tells it what has changed.
    running.mempool.refresh({ ...one, verifiedAt: running.head() })
    expect(await running.bundling.sendNow()).toHaveLength(1)
    running.mempool.refresh({ ...one, verifiedAt: unknown })
    await write(tankOf(one.userOperation.sender), 0n)
    await chain.mine()
    await running.look()
    await running.bundling.sendNow()
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({ state: 'dropped' })
    expect(running.reputation.statusOf(paymaster)).toBe('ok')
    expect(running.reputation.statusOf(one.userOperation.sender)).toBe('ok')
  })
})

describe('an operation that second validation refuses', () => {
  it('stays on no paymaster’s record when it was the sender who took back what only he could', async () => {
    const running = await start()
    const one = await sponsored()
    await added(running, one)
    expect(running.reputation.entryOf(paymaster).opsSeen).toBe(1)
    await write(tankOf(one.userOperation.sender), 0n)
    await chain.mine()
    await running.look()
    await running.bundling.sendNow()
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({ state: 'dropped' })
    expect(running.reputation.entryOf(paymaster).opsSeen).toBe(0)
  })

  it('stays on the record of a paymaster that took its deposit away [EREP-030]', async () => {
    const running = await start()
    const one = await sponsored()
    await added(running, { ...one, prefundWei: 1n })
    running.mempool.refresh({ ...one, prefundWei: 2n * 10n ** 18n })
    await running.bundling.sendNow()
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { message: 'AA31 paymaster deposit too low' },
    })
    expect(running.reputation.entryOf(paymaster).opsSeen).toBe(1)
  })
})

describe('what is kept under an address', () => {
  const address = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as Address)
  const hash = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as Hex)

  it('is found however deep in mappings and in whatever order it was hashed, and nothing of others is', () => {
    fc.assert(
      fc.property(
        address,
        fc.array(address, { minLength: 1, maxLength: 4 }),
        address,
        hash,
        fc.nat({ max: 128 }),
        fc.boolean(),
        (owner, keys, stranger, base, offset, backwards) => {
          fc.pre(owner !== stranger && !keys.includes(owner) && !keys.includes(stranger))
          const nested = (first: Address): readonly Hex[] => {
            const preimages = [concatHex([pad(first), base])]
            for (const key of keys) preimages.push(concatHex([pad(key), keccak256(preimages.at(-1) as Hex)]))
            return preimages
          }
          const own = nested(owner)
          const foreign = nested(stranger)
          const all = [...own, ...foreign]
          const isOwn = keyedSlots(owner, backwards ? all.toReversed() : all)
          const slotOf = (preimage: Hex): Hex =>
            word((BigInt(keccak256(preimage)) + BigInt(offset)) % 2n ** 256n)
          for (const preimage of own) expect(isOwn(slotOf(preimage))).toBe(true)
          for (const preimage of foreign) expect(isOwn(slotOf(preimage))).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })
})
