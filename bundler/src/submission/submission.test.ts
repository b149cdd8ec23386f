import { type Hash, type PrivateKeyAccount, parseTransaction } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeBundle } from '../bundling/handleOps.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, type BundlerCoreOptions, startBundlerCore } from '../testing/bundlerCore.ts'
import { stakeOf } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const gwei = 10n ** 9n
const dear = { maxFeePerGas: 100n * gwei, maxPriorityFeePerGas: 2n * gwei }
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
async function mineAndLook(running: BundlerCore, blocks = 1): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    await chain.mine()
    await running.look()
  }
}
const hashesOf = (all: readonly ValidatedOperation[]): Hash[] => all.map(one => one.userOperationHash)
const landed = async (all: readonly ValidatedOperation[]) =>
  (await Promise.all(hashesOf(all).map(chain.landings))).map(found => found.length)
const inFlight = (running: BundlerCore): number[] => running.submission.executors().map(one => one.inFlight)
async function attempts(
  running: BundlerCore,
): Promise<{ kind: string; nonce: number; hash: Hash; signed: Hash }[]> {
  const rows = await running.database
    .selectFrom('bundle_transaction')
    .selectAll()
    .orderBy('attempt')
    .execute()
  return rows as unknown as { kind: string; nonce: number; hash: Hash; signed: Hash }[]
}

describe('executors', () => {
  it('share the bundles among them, and each has several nonces on the way at once', async () => {
    const running = await start()
    const all = await operations(0, 8)
    for (const one of all) {
      await add(running, [one])
      expect(await running.bundling.sendNow()).toHaveLength(1)
    }
    expect(inFlight(running)).toEqual([4, 4])
    await mineAndLook(running)
    expect(await landed(all)).toEqual(all.map(() => 1))
    expect(inFlight(running)).toEqual([0, 0])
  })

  it('keep operations waiting when all are busy, and go on at the next block', async () => {
    const running = await start({ submissionLimits: { maxInFlightPerExecutor: 1 } })
    const all = await operations(0, 3)
    for (const one of all) {
      await add(running, [one])
      await running.bundling.sendNow()
    }
    expect(running.mempool.size()).toEqual({ pending: 1, submitted: 2 })
    await mineAndLook(running)
    await running.bundling.sendNow()
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 1, 1])
  })

  it('that are poor are set aside, seen by the operator, and back when refilled', async () => {
    const [poor] = await chain.executors(1, 1_000n)
    executors = [poor as PrivateKeyAccount, ...executors.slice(1)]
    const running = await start()
    const all = await operations(0, 4)
    for (const one of all) {
      await add(running, [one])
      await running.bundling.sendNow()
    }
    expect(inFlight(running)).toEqual([0, 4])
    expect(running.submission.executors()[0]?.setAside).toContain('refill it')
    expect(await running.registry.metrics()).toContain(
      `bundler_submission_executor_set_aside{executor="${poor?.address}"} 1`,
    )
    await chain.anvil.setBalance({ address: (poor as PrivateKeyAccount).address, value: 10n ** 18n })
    await mineAndLook(running)
    expect(running.submission.executors()[0]?.setAside).toBeUndefined()
  })

  it('that send nothing are looked at again within eight blocks, those that do in each', async () => {
    const running = await start()
    const balances = (): bigint[] => running.submission.executors().map(one => one.balanceWei)
    const [busyWei, idleWei] = balances() as [bigint, bigint]
    const [, idle] = executors as [PrivateKeyAccount, PrivateKeyAccount]
    await chain.anvil.setBalance({ address: idle.address, value: idleWei + 1n })
    await add(running, await operations(0, 1))
    await running.bundling.sendNow()
    await mineAndLook(running)
    expect(balances()[0]).not.toBe(busyWei)
    expect(balances()[1]).toBe(idleWei)
    await mineAndLook(running, 7)
    expect(balances()[1]).toBe(idleWei + 1n)
  })

  it('that cannot pay for a bundle of the usual size send only when nobody else is free', async () => {
    executors = [...(await chain.executors(1, 25n * 10n ** 15n)), ...(await chain.executors(1))]
    const running = await start()
    const all = await operations(0, 5, { ...dear, callGasLimit: 5_000_000n })
    for (const { userOperation } of all) {
      await chain.anvil.setBalance({ address: userOperation.sender, value: 10n ** 18n })
    }
    for (const one of all) {
      await add(running, [one])
      await running.bundling.sendNow()
    }
    expect(inFlight(running)).toEqual([1, 4])
  })

  it('that turn out poor only when they send pass their operations on', async () => {
    const running = await start()
    const [first] = executors as [PrivateKeyAccount]
    const all = await operations(0, 2)
    await add(running, all)
    await chain.anvil.setBalance({ address: first.address, value: 0n })
    await running.bundling.sendNow()
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 2 })
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 1])
  })
})

describe('a transaction that waits too long', () => {
  /** One operation in a transaction that the next blocks are too dear for. */
  async function stuck(running: BundlerCore, blocks: number, fields = dear): Promise<ValidatedOperation[]> {
    const all = await operations(0, 1, fields)
    await add(running, all)
    expect(await running.bundling.sendNow()).toHaveLength(1)
    for (let block = 0; block < blocks; block++) {
      await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: 20n * gwei })
      await mineAndLook(running)
      await running.bundling.sendNow()
    }
    return all
  }

  it('is replaced as soon as no block takes it by a dearer one of the same nonce and operations, and lands once', async () => {
    const running = await start()
    const all = await stuck(running, 1)
    const [first, second] = (await attempts(running)).map(({ signed }) => parseTransaction(signed))
    expect(second?.nonce).toBe(first?.nonce)
    expect(second?.data).toBe(first?.data)
    expect(second?.maxFeePerGas).toBeGreaterThanOrEqual(((first?.maxFeePerGas ?? 0n) * 11n) / 10n)
    expect(second?.maxPriorityFeePerGas).toBeGreaterThanOrEqual(
      ((first?.maxPriorityFeePerGas ?? 0n) * 11n) / 10n,
    )
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1])
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 0 })
  })

  it('keeps waiting when a dearer one would lose, and gives the nonce back in the end', async () => {
    const running = await start()
    const all = await stuck(running, 2, { maxFeePerGas: 4n * gwei, maxPriorityFeePerGas: gwei })
    expect(await attempts(running)).toHaveLength(1)
    await mineAndLook(running)
    await running.bundling.sendNow()
    expect((await attempts(running)).map(({ kind }) => kind)).toEqual(['bundle', 'cancellation'])
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 1 })
    await mineAndLook(running)
    expect(await landed(all)).toEqual([0])
    expect(running.mempool.size()).toEqual({ pending: 1, submitted: 0 })
    await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: gwei })
    await mineAndLook(running)
    await running.bundling.sendNow()
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1])
  })
})

describe('operations that someone else lands', () => {
  async function frontRun(all: readonly ValidatedOperation[], fields = {}): Promise<Hash> {
    const [stranger] = (await chain.executors(1)) as [PrivateKeyAccount]
    const signed = await stranger.signTransaction({
      type: 'eip1559',
      chainId: 103,
      nonce: 0,
      to: all[0]?.entryPoint as `0x${string}`,
      data: encodeBundle(entryPoint07, all, stranger.address),
      gas: 3_000_000n,
      maxFeePerGas: 200n * gwei,
      maxPriorityFeePerGas: 50n * gwei,
      ...fields,
    })
    return await chain.client.sendRawTransaction({ serializedTransaction: signed })
  }

  it('make our transaction stale: it is replaced by one with the rest', async () => {
    const running = await start()
    const all = await operations(0, 3, dear)
    await add(running, all)
    await running.bundling.sendNow()
    await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: 20n * gwei })
    await frontRun(all.slice(0, 1))
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 0, 0])
    await running.bundling.sendNow()
    const [, second] = await running.database.selectFrom('bundle_transaction').selectAll().execute()
    expect(JSON.parse(second?.operations ?? '')).toEqual(hashesOf(all.slice(1)))
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 1, 1])
  })

  it('make our transaction revert when they are first in the block: the rest lands later, and nobody is blamed', async () => {
    const running = await start()
    const all = await operations(0, 3, dear)
    await add(running, all)
    await running.bundling.sendNow()
    await frontRun(all.slice(0, 1))
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 0, 0])
    expect(running.mempool.size()).toEqual({ pending: 2, submitted: 0 })
    await running.bundling.sendNow()
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 2 })
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 1, 1])
    expect(running.reputation.dump().filter(({ status }) => status !== 'ok')).toEqual([])
  })

  it('leave an empty nonce behind when nothing is left to send', async () => {
    const running = await start()
    const all = await operations(0, 1, dear)
    await add(running, all)
    await running.bundling.sendNow()
    await chain.anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: 20n * gwei })
    await frontRun(all)
    await mineAndLook(running)
    await running.bundling.sendNow()
    expect((await attempts(running)).map(({ kind }) => kind)).toEqual(['bundle', 'cancellation'])
    await mineAndLook(running)
    expect(inFlight(running)).toEqual([0, 0])
    expect(await landed(all)).toEqual([1])
  })
})

describe('a bundle that reverts', () => {
  it('costs the entity that did it its reputation, and the others nothing [GREP-040]', async () => {
    const running = await start()
    const all = await operations(0, 3)
    const [one, culprit, other] = all as [ValidatedOperation, ValidatedOperation, ValidatedOperation]
    const { sender } = culprit.userOperation
    await add(running, [one, { ...culprit, entities: { sender: stakeOf(sender, true) } }, other])
    await running.bundling.sendNow()
    await chain.anvil.setBalance({ address: sender, value: 0n })
    await mineAndLook(running)
    expect(await landed(all)).toEqual([0, 0, 0])
    await running.bundling.sendNow()
    expect(running.reputation.statusOf(sender)).toBe('banned')
    expect(await running.mempool.find(culprit.userOperationHash)).toMatchObject({
      state: 'dropped',
      refusal: { code: -32500, message: "AA21 didn't pay prefund" },
    })
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 0, 1])
  })
})

describe('a nonce that someone used with the same key', () => {
  it('sets its operations free, and the next bundle goes on after it', async () => {
    const running = await start()
    const all = await operations(0, 1, dear)
    await add(running, all)
    await running.bundling.sendNow()
    const [transaction] = await attempts(running)
    await chain.anvil.dropTransaction({ hash: transaction?.hash as Hash })
    const { from } = await chain.client
      .getTransaction({ hash: transaction?.hash as Hash })
      .catch(() => ({ from: undefined }))
    expect(from).toBeUndefined()
    const address = running.submission.executors().find(one => one.inFlight === 1)?.address
    const key = executors.find(one => one.address === address) as PrivateKeyAccount
    const signed = await key.signTransaction({
      type: 'eip1559',
      chainId: 103,
      nonce: 0,
      to: key.address,
      gas: 21_000n,
      maxFeePerGas: 200n * gwei,
      maxPriorityFeePerGas: 50n * gwei,
    })
    await chain.client.sendRawTransaction({ serializedTransaction: signed })
    await mineAndLook(running, 3)
    expect(running.mempool.size()).toEqual({ pending: 1, submitted: 0 })
    await running.bundling.sendNow()
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1])
  })
})

describe('a reorg', () => {
  it('takes a bundle out of the chain, and it lands once on the other branch', async () => {
    const running = await start()
    const all = await operations(0, 3)
    await mineAndLook(running, 3)
    await add(running, all)
    await running.bundling.sendNow()
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 1, 1])
    await chain.anvil.request({ method: 'anvil_reorg', params: [2, []] } as never)
    expect(await landed(all)).toEqual([0, 0, 0])
    await mineAndLook(running)
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 3 })
    await mineAndLook(running)
    expect(await landed(all)).toEqual([1, 1, 1])
    expect(running.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    expect(await attempts(running)).toHaveLength(1)
  })
})

describe('the journal', () => {
  it('forgets what is final', async () => {
    const running = await start({ submissionLimits: { finalityBlocks: 3 } })
    await add(running, await operations(0, 1))
    await running.bundling.sendNow()
    await mineAndLook(running, 3)
    expect(await attempts(running)).toHaveLength(1)
    await mineAndLook(running)
    expect(await attempts(running)).toHaveLength(0)
    expect(await running.database.selectFrom('slot').selectAll().execute()).toEqual([])
  })
})
