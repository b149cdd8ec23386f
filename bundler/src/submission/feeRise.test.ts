// The base fee rises above what was offered, an executor loses its money, the time runs out: nothing that can be mined
// waits for what cannot, and nothing lands twice.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, type Hash, type Hex, type PrivateKeyAccount, parseTransaction } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, type BundlerCoreOptions, startBundlerCore } from '../testing/bundlerCore.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
const ether = 10n ** 18n
const cheap = { maxFeePerGas: 4n * gwei, maxPriorityFeePerGas: gwei }
const dear = { maxFeePerGas: 300n * gwei, maxPriorityFeePerGas: 2n * gwei }
let chain: AccountChain
let cleanState: Hash
let core: BundlerCore | undefined
let executors: readonly PrivateKeyAccount[]

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 8 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  cleanState = await chain.anvil.snapshot()
  executors = await chain.executors(1)
  await nextBaseFee(gwei)
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
const nextBaseFee = (baseFeePerGas: bigint) => chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas })
const operation = (account: number, fields = {}, known = {}) =>
  chain.operation(chain.accounts[account] as Address, fields, known)
async function add(running: BundlerCore, ...all: readonly ValidatedOperation[]): Promise<void> {
  for (const one of all) expect(await running.mempool.add(one)).toMatchObject({ ok: true })
}
/** In a bundle of its own that is on its way. */
async function send(running: BundlerCore, one: ValidatedOperation): Promise<void> {
  await add(running, one)
  expect(await running.bundling.sendNow()).toHaveLength(1)
}
/** A block of this base fee, and all that follows from it. */
async function block(running: BundlerCore, baseFeePerGas: bigint): Promise<void> {
  await nextBaseFee(baseFeePerGas)
  await chain.mine()
  await running.look()
  await running.bundling.sendNow()
}
const landed = async (...all: readonly ValidatedOperation[]) =>
  (await Promise.all(all.map(one => chain.landings(one.userOperationHash)))).map(found => found.length)
type Attempt = { kind: string; nonce: number; hash: Hash; signed: Hex; executor: Address }
async function attempts(running: BundlerCore): Promise<readonly Attempt[]> {
  const rows = await running.database
    .selectFrom('bundle_transaction')
    .selectAll()
    .orderBy('attempt')
    .execute()
  return rows as unknown as Attempt[]
}
const kinds = async (running: BundlerCore) => (await attempts(running)).map(({ kind }) => kind)

describe('a bundle that the base fee has left behind', () => {
  it('makes room on its nonce for operations that pay, and its own wait for another', async () => {
    const running = await start()
    const [stuck, other] = [await operation(0, cheap), await operation(1, dear)]
    await send(running, stuck)
    await add(running, other)
    await block(running, 20n * gwei)
    expect((await attempts(running)).map(({ nonce }) => nonce)).toEqual([0, 0])
    await block(running, 20n * gwei)
    expect(await landed(stuck, other)).toEqual([0, 1])
    expect(running.mempool.get(stuck.userOperationHash)?.state).toBe('pending')
    await block(running, gwei)
    await block(running, gwei)
    expect(await landed(stuck, other)).toEqual([1, 1])
  })

  it('leaves the operations that filled its nonce free when it is mined after all', async () => {
    const running = await start()
    const [stuck, other] = [await operation(0, cheap), await operation(1, dear)]
    await send(running, stuck)
    await add(running, other)
    await block(running, 20n * gwei)
    const [first, second] = await attempts(running)
    await chain.anvil.dropTransaction({ hash: second?.hash as Hash })
    await nextBaseFee(gwei)
    await chain.client.sendRawTransaction({ serializedTransaction: first?.signed as Hex })
    await block(running, gwei)
    expect(await landed(stuck, other)).toEqual([1, 0])
    await block(running, gwei)
    expect(await landed(stuck, other)).toEqual([1, 1])
  })

  it('gives way at once where others wait behind it, all of which are made dearer in the same block', async () => {
    const running = await start()
    const all = [await operation(0, cheap), await operation(1, dear), await operation(2, dear)]
    for (const one of all) await send(running, one)
    await block(running, 20n * gwei)
    expect((await kinds(running)).toSorted()).toEqual([
      'bundle',
      'bundle',
      'bundle',
      'bundle',
      'bundle',
      'cancellation',
    ])
    await block(running, 20n * gwei)
    expect(await landed(...all)).toEqual([0, 1, 1])
  })

  it('is left behind as well where the base fee leaves less of its offer than miners take', async () => {
    const running = await start()
    const [stuck, other] = [await operation(0, cheap), await operation(1, dear)]
    await send(running, stuck)
    const [first] = await attempts(running)
    const offered = parseTransaction(first?.signed as Hex).maxFeePerGas as bigint
    // anvil mines for any tip.
    await chain.anvil.dropTransaction({ hash: first?.hash as Hash })
    await add(running, other)
    await block(running, offered - gwei / 2n)
    expect((await attempts(running)).map(({ nonce }) => nonce)).toEqual([0, 0])
    await block(running, offered - gwei / 2n)
    expect(await landed(stuck, other)).toEqual([1, 1])
  })

  it('gives its nonce back after three blocks when nothing that pays waits', async () => {
    const running = await start()
    await send(running, await operation(0, cheap))
    for (let waited = 1; waited < 3; waited++) await block(running, 20n * gwei)
    expect(await kinds(running)).toEqual(['bundle'])
    await block(running, 20n * gwei)
    expect(await kinds(running)).toEqual(['bundle', 'cancellation'])
  })

  it('is queued on by nobody, above whatever fee', async () => {
    executors = [...(await chain.executors(1, 20n * ether)), ...(await chain.executors(3))]
    const running = await start()
    const stuck = await operation(0, cheap)
    await send(running, stuck)
    // A bundle of the usual size would be dearer than any transaction may be.
    await nextBaseFee(100n * gwei)
    await chain.mine()
    await running.look()
    const slot = running.submission.freeSlot(12_000_000n * 200n * gwei)
    expect(executors.slice(1).map(({ address }) => address)).toContain(slot?.executor)
  })

  it('leaves nobody a place where there is no other executor', async () => {
    const running = await start()
    await send(running, await operation(0, cheap))
    await nextBaseFee(20n * gwei)
    await chain.mine()
    await running.look()
    expect(running.submission.freeSlot(1n)).toBeUndefined()
  })

  it('may offer a higher tip than its operations do, if that costs less than giving the nonce back', async () => {
    const fields = { maxFeePerGas: 300n * gwei, maxPriorityFeePerGas: gwei }
    const draft = await operation(0, fields)
    const version = entryPoint07
    const exact = createPreVerificationGas({ bundleSize: 1, version, fork: 'london' })
    const preVerificationGas = exact.required(draft.userOperation) + 200n
    const running = await start()
    const one = await operation(0, { ...fields, preVerificationGas })
    await send(running, one)
    await block(running, 20n * gwei)
    expect(await kinds(running)).toEqual(['bundle', 'bundle'])
    await block(running, 20n * gwei)
    expect(await landed(one)).toEqual([1])
  })
})

describe('an operation in flight', () => {
  it('can be replaced while no block takes its transaction, and exactly one of both lands', async () => {
    const running = await start()
    const [first, second] = [await operation(0, cheap), await operation(0, dear)]
    await send(running, first)
    expect(await running.mempool.add(second)).toMatchObject({
      ok: false,
      refusal: { code: -32602, message: expect.stringContaining('for its base fee') },
    })
    await nextBaseFee(20n * gwei)
    await chain.mine()
    await running.look()
    const slightly = { maxFeePerGas: 4n * gwei + 1n, maxPriorityFeePerGas: gwei }
    expect(await running.mempool.add(await operation(0, slightly))).toMatchObject({
      refusal: { message: expect.stringContaining('Replacement underpriced') },
    })
    await add(running, second)
    await running.bundling.sendNow()
    expect((await attempts(running)).map(({ nonce }) => nonce)).toEqual([0, 0])
    await block(running, 20n * gwei)
    expect(await landed(first, second)).toEqual([0, 1])
    expect(await running.mempool.find(first.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { message: expect.stringContaining(second.userOperationHash) },
    })
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 0 })
  })

  it('and its successor land once also when the old transaction is mined after all', async () => {
    const running = await start()
    const [first, second] = [await operation(0, cheap), await operation(0, dear)]
    await send(running, first)
    await nextBaseFee(20n * gwei)
    await chain.mine()
    await running.look()
    await add(running, second)
    await running.bundling.sendNow()
    const [old, newer] = await attempts(running)
    await chain.anvil.dropTransaction({ hash: newer?.hash as Hash })
    await nextBaseFee(gwei)
    await chain.client.sendRawTransaction({ serializedTransaction: old?.signed as Hex })
    for (let blocks = 0; blocks < 3; blocks++) await block(running, gwei)
    expect(await landed(first, second)).toEqual([1, 0])
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 0 })
  })

  it('leaves its place to its successor when its nonce was given back', async () => {
    executors = await chain.executors(1)
    const running = await start()
    const first = await operation(0, cheap)
    await send(running, first)
    for (let waited = 1; waited <= 3; waited++) await block(running, 20n * gwei)
    expect(await kinds(running)).toEqual(['bundle', 'cancellation'])
    await block(running, 20n * gwei)
    const second = await operation(0, dear)
    await add(running, second)
    await running.bundling.sendNow()
    await block(running, 20n * gwei)
    expect(await landed(first, second)).toEqual([0, 1])
  })

  it('and its successor are told apart after a restart, and one of both lands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fee-rise-'))
    const path = join(folder, 'bundler.sqlite')
    const before = await start({ path })
    const [first, second] = [await operation(0, cheap), await operation(0, dear)]
    await send(before, first)
    await nextBaseFee(20n * gwei)
    await chain.mine()
    await before.look()
    await add(before, second)
    await before.stop()
    const after = await start({ path })
    expect(after.mempool.size()).toEqual({ pending: 1, submitted: 1 })
    for (let blocks = 0; blocks < 2; blocks++) await block(after, 20n * gwei)
    expect((await attempts(after)).map(({ nonce }) => nonce)).toEqual([0, 0])
    expect(await landed(first, second)).toEqual([0, 1])
    expect(after.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    await after.stop()
    core = undefined
    rmSync(folder, { recursive: true })
  })

  it('whose successor no bundle can carry is not sent again and again at ever higher fees', async () => {
    const running = await start()
    const first = await operation(0, cheap)
    await send(running, first)
    await nextBaseFee(5n * gwei)
    await chain.mine()
    await running.look()
    // Enough to take its place, too little for the block after the next.
    await add(running, await operation(0, { maxFeePerGas: 6n * gwei, maxPriorityFeePerGas: 2n * gwei }))
    await nextBaseFee(40n * gwei)
    await chain.mine()
    await running.look()
    for (let run = 0; run < 5; run++) await running.bundling.sendNow()
    expect(await kinds(running)).toEqual(['bundle'])
  })

  it('is taken out of a bundle that may come too late for it, which goes on without it', async () => {
    let clock = Number((await chain.client.getBlock()).timestamp)
    const running = await start({ clock: { now: () => clock * 1000 } })
    const brief = await operation(0, dear, { validUntil: clock + 80, endedBy: 'sender' })
    const lasting = await operation(1, dear)
    await add(running, brief)
    await send(running, lasting)
    clock += 70
    // Mines nothing of it: the block is too dear.
    await block(running, 20n * gwei)
    expect(await running.mempool.find(brief.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { code: -32503 },
    })
    await block(running, 20n * gwei)
    expect(await landed(brief, lasting)).toEqual([0, 1])
  })
})

describe('an executor that has lost its money', () => {
  beforeEach(async () => {
    executors = await chain.executors(2)
  })
  const impoverish = async (wei: bigint) =>
    await chain.anvil.setBalance({ address: (executors[0] as PrivateKeyAccount).address, value: wei })

  it('gives its nonces back as far as its money goes, and another carries its operations', async () => {
    const running = await start()
    const one = await operation(0, dear)
    await send(running, one)
    // Enough for an empty transaction, not for a bundle.
    await impoverish(21_000n * 10n * gwei)
    await block(running, 4n * gwei)
    expect(await kinds(running)).toEqual(['bundle', 'cancellation'])
    await block(running, 4n * gwei)
    await block(running, 4n * gwei)
    expect(await landed(one)).toEqual([1])
  })

  it('hands over within three blocks what it cannot even give back, and goes on from the same nonce once refilled', async () => {
    const running = await start({ submissionLimits: { minimumExecutorBalanceWei: 1n } })
    const one = await operation(0, dear)
    await send(running, one)
    const [old] = await attempts(running)
    await impoverish(0n)
    for (let blocks = 0; blocks < 4; blocks++) await block(running, 4n * gwei)
    expect(await landed(one)).toEqual([1])
    expect((await attempts(running)).map(({ executor }) => executor)).toEqual([executors[1]?.address])
    await impoverish(10n * ether)
    // What somebody else has kept of it can be mined no more once its nonce is used, and until then reverts (AA25).
    await running.look()
    for (let account = 1; account < 4; account++) {
      await add(running, await operation(account, { ...dear, maxPriorityFeePerGas: 20n * gwei }))
      await running.bundling.sendNow()
    }
    await block(running, 4n * gwei)
    await chain.client
      .sendRawTransaction({ serializedTransaction: old?.signed as Hex })
      .catch(() => undefined)
    await block(running, 4n * gwei)
    expect(await landed(one)).toEqual([1])
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    expect(running.reputation.dump().filter(({ status }) => status !== 'ok')).toEqual([])
  })
})
