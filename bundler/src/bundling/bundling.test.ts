import {
  type Address,
  concatHex,
  createPublicClient,
  type Hash,
  http,
  type PrivateKeyAccount,
  type PublicClient,
} from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, type BundlerCoreOptions, startBundlerCore } from '../testing/bundlerCore.ts'
import { sponsoredBy, stakeOf } from '../testing/validated.ts'
import { assemble, revertingCode, revertUnless } from '../validation/testing/assemble.ts'
import { freshAddress } from '../validation/testing/testChain.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
let chain: AccountChain
let cleanState: Hash
let core: BundlerCore | undefined
let executors: readonly PrivateKeyAccount[]

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 12 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  cleanState = await chain.anvil.snapshot()
  executors = await chain.executors(2)
  // A snapshot does not hold the base fee.
  await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: gwei })
  await chain.mine()
})
afterEach(async () => {
  await core?.stop()
  core = undefined
  await chain.anvil.revert({ id: cleanState })
})

async function start(options: Partial<BundlerCoreOptions> = {}): Promise<BundlerCore> {
  core = await startBundlerCore({ client: chain.client, executors, ...options })
  return core
}
async function add(running: BundlerCore, operations: readonly ValidatedOperation[]): Promise<void> {
  for (const operation of operations) expect(await running.mempool.add(operation)).toMatchObject({ ok: true })
}
/** Operations of accounts number `from` up to, not including, `to`. */
async function operations(from: number, to: number, fields = {}): Promise<ValidatedOperation[]> {
  return await Promise.all(chain.accounts.slice(from, to).map(account => chain.operation(account, fields)))
}
async function mineAndLook(running: BundlerCore): Promise<void> {
  await chain.mine()
  await running.look()
}
const landings = async (all: readonly ValidatedOperation[]) =>
  await Promise.all(all.map(one => chain.landings(one.userOperationHash)))
const counts = async (all: readonly ValidatedOperation[]) => (await landings(all)).map(found => found.length)
const broke = async ({ userOperation }: ValidatedOperation) =>
  await chain.anvil.setBalance({ address: userOperation.sender, value: 0n })

/** A client whose requests with these words in them fail as `fail` says. */
function failingClient(fail: (body: string) => unknown): PublicClient {
  return createPublicClient({
    chain: chain.client.chain,
    cacheTime: 0,
    transport: http(`${chain.url}/?failing`, {
      retryCount: 0,
      async fetchFn(input, init) {
        const body = String(init?.body)
        const error = fail(body)
        if (error === undefined) return await fetch(input, init)
        return new Response(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, error }))
      },
    }),
  }) as PublicClient
}

describe('from mempool to receipt', () => {
  it('lands what was acknowledged, together, at a profit', async () => {
    const running = await start()
    const all = await operations(0, 10)
    await add(running, all)
    const before = await chain.client.getBalance({ address: executors[0]?.address as `0x${string}` })
    const hashes = await running.bundling.sendNow()
    expect(hashes).toHaveLength(1)
    await mineAndLook(running)
    expect(await landings(all)).toEqual(all.map(() => hashes))
    const after = await chain.client.getBalance({ address: executors[0]?.address as `0x${string}` })
    expect(after).toBeGreaterThan(before)
  })

  it('goes by itself when operations have gathered, and when a block has come', async () => {
    const running = await start({ auto: true, submissionLimits: { maxInFlightPerExecutor: 1 } })
    const all = await operations(0, 3)
    for (const one of all) {
      await add(running, [one])
      await expect.poll(() => running.mempool.size().pending).toBe(one === all[2] ? 1 : 0)
      // It counts as submitted before the node has it, and the block is to hold both.
      const submitted = Math.min(all.indexOf(one) + 1, 2)
      await expect.poll(async () => (await chain.anvil.getTxpoolStatus()).pending).toBe(submitted)
    }
    await mineAndLook(running)
    await expect.poll(() => running.mempool.size()).toEqual({ pending: 0, submitted: 1 })
  })

  it('waits in manual mode', async () => {
    const running = await start({ auto: true })
    running.bundling.setMode('manual')
    await add(running, await operations(0, 1))
    await mineAndLook(running)
    expect(running.mempool.size()).toEqual({ pending: 1, submitted: 0 })
    running.bundling.setMode('auto')
    await expect.poll(() => running.mempool.size().submitted).toBe(1)
  })

  it.each([
    ['many', 6, 300_000n],
    ['a large', 1, 9_000_000n],
  ])(
    'brings enough gas for %s that use all they may, whatever they used when they were tried',
    async (_, count, callGasLimit) => {
      const running = await start()
      const all = await operations(0, count, { callGasLimit, preVerificationGas: 80_000n })
      await add(running, all)
      await running.bundling.sendNow()
      // From now on each account burns all the gas of its call, and only then.
      for (const { userOperation } of all) {
        await chain.anvil.setCode({ address: userOperation.sender, bytecode: burningAccount })
      }
      await mineAndLook(running)
      expect(await counts(all)).toEqual(all.map(() => 1))
      for (const one of all) {
        expect(await running.receipts.statusOf(one.userOperationHash)).toMatchObject({ status: 'failed' })
      }
    },
  )
})

/** Answers 1 the first time it is asked, then 0. */
const onceABundle = assemble('0 SLOAD ISZERO 0 MSTORE 1 0 SSTORE 32 0 RETURN')

/** An account that pays and accepts if `shared` answers 1. */
const accountAsking = (shared: Address) =>
  concatHex([
    revertUnless(`32 0 0 0 0 ${shared} GAS CALL POP 0 MLOAD`),
    assemble('0 0 0 0 0x44 CALLDATALOAD CALLER GAS CALL POP 0 0 MSTORE 32 0 RETURN'),
  ])

/** An account that accepts and pays whatever it is asked to, and burns all its gas in any other call. */
const burningAccount = assemble(
  `0 CALLDATALOAD 0xe0 SHR 0x19822f7c EQ 19 JUMPI JUMPDEST 15 JUMP
   JUMPDEST 0 0 0 0 0x44 CALLDATALOAD CALLER GAS CALL POP 0 0 MSTORE 32 0 RETURN`,
)

it('sends first who came first of two that cannot share a bundle, though the other is verified later', async () => {
  const running = await start({ submissionLimits: { maxInFlightPerExecutor: 1 } })
  const [one, other] = (await operations(0, 2)) as [ValidatedOperation, ValidatedOperation]
  const storage = { [one.userOperation.sender]: { reads: [], writes: ['0x07'] as const } }
  await add(running, [one])
  await mineAndLook(running)
  await add(running, [{ ...other, storage, verifiedAt: running.head() }])
  await running.bundling.sendNow()
  expect(running.mempool.get(one.userOperationHash)?.state).toBe('submitted')
  expect(running.mempool.get(other.userOperationHash)?.state).toBe('pending')
})

describe('an operation that turns bad', () => {
  it('is dropped when the bundle is tried, with the EntryPoint’s reason, and the others go', async () => {
    const running = await start()
    const all = await operations(0, 4)
    await add(running, all)
    await broke(all[2] as ValidatedOperation)
    await running.bundling.sendNow()
    expect(await running.mempool.find(all[2]?.userOperationHash as Hash)).toMatchObject({
      state: 'dropped',
      refusal: { code: -32500, message: "AA21 didn't pay prefund" },
    })
    await mineAndLook(running)
    expect(await counts(all)).toEqual([1, 1, 0, 1])
  })

  it('is dropped by second validation when a block has come since the first', async () => {
    const running = await start()
    const all = await operations(0, 3)
    await add(running, all)
    await broke(all[0] as ValidatedOperation)
    await mineAndLook(running)
    await running.bundling.sendNow()
    expect(await running.registry.metrics()).toContain(
      'bundler_bundling_revalidations_total{outcome="refused"} 1',
    )
    await mineAndLook(running)
    expect(await counts(all)).toEqual([0, 1, 1])
  })

  it('goes on the record of who is to blame, and of nobody else [EREP-015]', async () => {
    const running = await start()
    const paymaster = await chain.acceptingPaymaster(10n ** 18n)
    await running.look()
    const [one] = (await operations(0, 1, sponsoredBy(paymaster))) as [ValidatedOperation]
    const { sender } = one.userOperation
    await add(running, [one])
    expect(running.reputation.entryOf(paymaster).opsSeen).toBe(1)
    await chain.anvil.setCode({ address: sender, bytecode: revertingCode })
    await mineAndLook(running)
    await running.bundling.sendNow()
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { code: -32500, message: 'AA23 reverted' },
    })
    expect(running.reputation.dump()).toMatchObject([{ address: paymaster.toLowerCase(), opsSeen: 0 }])
  })

  it('bans who fails in the bundle on the state on which second validation passed [GREP-040]', async () => {
    const running = await start()
    const [one] = (await operations(0, 1)) as [ValidatedOperation]
    const entities = { sender: stakeOf(one.userOperation.sender, true) }
    await add(running, [{ ...one, entities, verifiedAt: running.head() }])
    // What an entity that knows it is being bundled looks like: no block has come, and yet it reverts.
    await chain.anvil.setCode({ address: one.userOperation.sender, bytecode: revertingCode })
    await running.bundling.sendNow()
    expect(running.reputation.statusOf(one.userOperation.sender)).toBe('banned')
    expect(await running.mempool.find(one.userOperationHash)).toMatchObject({ state: 'dropped' })
  })

  it('bans the staked factory whose second account fails in the bundle of the first [GREP-040]', async () => {
    const running = await start()
    const [one, other] = (await operations(0, 2)) as [ValidatedOperation, ValidatedOperation]
    const factory = freshAddress()
    const shared = freshAddress()
    // Each account passes alone; the first to be validated leaves a mark by which the next one knows where it is.
    await chain.anvil.setCode({ address: shared, bytecode: onceABundle })
    for (const { userOperation } of [one, other]) {
      await chain.anvil.setCode({ address: userOperation.sender, bytecode: accountAsking(shared) })
    }
    await chain.mine()
    await running.look()
    const known = { verifiedAt: running.head() }
    await add(
      running,
      [one, other].map(({ entities, ...rest }) => ({
        ...rest,
        ...known,
        entities: { ...entities, factory: stakeOf(factory, true) },
      })),
    )
    await running.bundling.sendNow()
    expect(running.reputation.statusOf(factory)).toBe('banned')
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 1 })
  })

  it('only in company waits for a bundle of its own', async () => {
    const running = await start()
    const paymaster = await chain.acceptingPaymaster(0n)
    const all = await operations(0, 3, sponsoredBy(paymaster))
    // Enough for one at a time; nobody told the mempool.
    const { prefundWei } = all[0] as ValidatedOperation
    await chain.deposit(paymaster, (prefundWei * 3n) / 2n)
    await running.look()
    await add(
      running,
      all.map(one => ({ ...one, prefundWei: 0n })),
    )
    for (let block = 0; block < 4; block++) {
      await running.bundling.sendNow()
      await mineAndLook(running)
    }
    expect(await counts(all)).toEqual([1, 1, 1])
  })
})

describe('an entity that is not what it was when its operation came in', () => {
  const record = (contextBytes: number, gas: number) => ({ contextBytes, phaseGas: { paymaster: gas } })

  it('is banned if it is a paymaster whose context has another size, and the bundle fails by it [EREP-055]', async () => {
    const running = await start()
    const paymaster = await chain.acceptingPaymaster(0n)
    const all = await operations(0, 2, sponsoredBy(paymaster))
    // Enough for one at a time; nobody told the mempool.
    await chain.deposit(paymaster, ((all[0] as ValidatedOperation).prefundWei * 3n) / 2n)
    await running.look()
    const changed = { prefundWei: 0n, accepted: record(32, 1), current: record(64, 1) }
    await add(
      running,
      all.map(one => ({ ...one, ...changed })),
    )
    await running.bundling.sendNow()
    expect(running.reputation.statusOf(paymaster)).toBe('banned')
  })

  it.each([
    ['a tenth less gas is nothing', 90_000, 'ok'],
    ['less than that is throttled', 89_000, 'throttled'],
  ] as const)('and is staked: %s [EREP-070]', async (_, gas, status) => {
    const running = await start()
    const paymaster = await chain.acceptingPaymaster(10n ** 18n)
    const [one] = (await operations(0, 1, sponsoredBy(paymaster))) as [ValidatedOperation]
    const entities = { ...one.entities, paymaster: stakeOf(paymaster, true) }
    await add(running, [{ ...one, entities, accepted: record(0, 100_000), current: record(0, gas) }])
    await mineAndLook(running)
    await running.bundling.sendNow()
    expect(running.reputation.statusOf(paymaster)).toBe(status)
  })
})

describe('an outage of the node', () => {
  it('drops nothing: the same operations go when it answers again', async () => {
    let isDown = false
    const client = failingClient(body =>
      isDown && body.includes('eth_call') ? { code: -32000, message: 'the node is busy' } : undefined,
    )
    const running = await start({ client })
    const all = await operations(0, 5)
    await add(running, all)
    isDown = true
    expect(await running.bundling.sendNow()).toEqual([])
    await mineAndLook(running)
    expect(await running.bundling.sendNow()).toEqual([])
    expect(running.mempool.size()).toEqual({ pending: 5, submitted: 0 })
    isDown = false
    for (let block = 0; block < 3; block++) {
      await mineAndLook(running)
      await running.bundling.sendNow()
    }
    await mineAndLook(running)
    expect(await counts(all)).toEqual(all.map(() => 1))
  })

  it('over one operation does not keep the others from landing', async () => {
    let poison = 'none'
    const client = failingClient(body =>
      body.includes('eth_call') && body.includes(poison)
        ? { code: -32000, message: 'execution aborted (timeout = 5s)' }
        : undefined,
    )
    const running = await start({ client })
    const best = await chain.operation(chain.accounts[0] as `0x${string}`, {
      maxPriorityFeePerGas: 2n * gwei,
    })
    poison = best.userOperation.signature.slice(2, 60)
    const all = [best, ...(await operations(1, 5))]
    await add(running, all)
    for (let block = 0; block < 8; block++) {
      await running.bundling.sendNow()
      await mineAndLook(running)
    }
    expect(await counts(all)).toEqual([0, 1, 1, 1, 1])
    expect(running.mempool.get(best.userOperationHash)?.state).toBe('pending')
    poison = 'none'
    for (let block = 0; block < 16; block++) {
      await running.bundling.sendNow()
      await mineAndLook(running)
    }
    expect(await counts(all)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('profit', () => {
  it('is not given away: who does not pay his way waits', async () => {
    const running = await start()
    const mean = await chain.operation(chain.accounts[0] as `0x${string}`, { preVerificationGas: 10_000n })
    await add(running, [mean, ...(await operations(1, 2))])
    await running.bundling.sendNow()
    expect(running.mempool.size()).toEqual({ pending: 1, submitted: 1 })
    expect(running.mempool.get(mean.userOperationHash)?.state).toBe('pending')
    await mineAndLook(running)
    await running.bundling.sendNow()
    expect(running.mempool.get(mean.userOperationHash)?.state).toBe('pending')
    // Nor is anything spent on it: no second validation for what would not go anyway.
    expect(await running.registry.metrics()).not.toMatch(/revalidations_total\{outcome="(valid|refused)"\}/)
  })

  it('bounds what is sent: neither fee is above what any of its operations pays', async () => {
    const running = await start()
    const [low] = await operations(0, 1, { maxFeePerGas: 2_300_000_000n })
    await add(running, [low as ValidatedOperation, ...(await operations(1, 3, { maxFeePerGas: 50n * gwei }))])
    await running.bundling.sendNow()
    const [row] = await running.database.selectFrom('bundle_transaction').selectAll().execute()
    expect(JSON.parse(row?.operations ?? '')).toHaveLength(3)
    expect(BigInt(row?.max_fee_per_gas ?? 0)).toBeLessThanOrEqual(2_300_000_000n)
    expect(BigInt(row?.max_priority_fee_per_gas ?? 0)).toBeLessThanOrEqual(gwei)
  })
})
