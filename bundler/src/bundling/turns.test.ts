// Bundles of a node that takes turns with others: they end with its turn, and go through the BundleGuard.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, getAddress, type Hash, type PrivateKeyAccount } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { Permission } from '../participation/participation.ts'
import { lastBlockInTurn, mayCarry } from '../participation/policy/turnPolicy.ts'
import { createSchedule } from '../participation/schedule/schedule.ts'
import type { Inclusion } from '../receipt/inclusion.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { deployGuard } from '../testing/deployGuard.ts'
import type { UserOperation, ValidatedOperation } from '../validation/validatedOperation.ts'
import { encodeBundle } from './handleOps.ts'

const terms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }
/** This node is 1; every third window is its own. */
const leaders = Array.from({ length: 64 }, (_, window) => 1 + (window % 3))
const schedule = createSchedule(terms, epoch => ({ epoch, leaders }))
const preVerificationGas = createPreVerificationGas({
  bundleSize: 1,
  version: entryPoint07,
  fork: 'london',
  isGuarded: true,
})

let chain: AccountChain
let guard: Address
let executors: readonly PrivateKeyAccount[]
let core: BundlerCore
let folder: string
let told: Inclusion[]
let isContested = false
let sent: { operations: readonly Hash[]; nextBlock: bigint }[]

const permission: Permission = {
  mayCarry: ({ addedAtBlock: knownSinceBlock }, nextBlock) =>
    mayCarry({ schedule, bundlerId: 1, nextBlock, knownSinceBlock, committedBy: undefined }),
  lastBlock: nextBlock => lastBlockInTurn(schedule, 1, nextBlock),
  isContested: () => isContested,
  onTurn() {},
  sent: ({ operations }, nextBlock) => sent.push({ operations, nextBlock }),
}

beforeEach(async () => {
  chain = await startAccountChain({ accounts: 4 })
  guard = await deployGuard(chain)
  executors = await chain.executors(1)
  folder = mkdtempSync(join(tmpdir(), 'turns-'))
  sent = []
  told = []
  isContested = false
  await start()
})
afterEach(async () => {
  await core.stop()
  await chain.stop()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<void> {
  const path = join(folder, 'node.sqlite')
  const onLanded = (landed: readonly Inclusion[]): void => {
    told.push(...landed)
  }
  core = await startBundlerCore({ client: chain.client, executors, permission, guard, path, onLanded })
}

async function mineAndLook(): Promise<void> {
  await chain.mine()
  await core.look()
}

/** Until the next block is the one at this place in a window of that leader. */
async function until(leader: number, place: number): Promise<void> {
  const isThere = (next: bigint): boolean =>
    schedule.leaderAt(next, 0) === leader && next - schedule.windowOf(next).first === BigInt(place)
  do await mineAndLook()
  while (!isThere(core.head().number + 1n))
}

/** One of each account, that pays for the guard. */
async function operations(
  count: number,
  feesOf: (index: number) => Partial<UserOperation> = () => ({}),
): Promise<readonly ValidatedOperation[]> {
  const all: ValidatedOperation[] = []
  for (const [index, account] of chain.accounts.slice(0, count).entries()) {
    const { userOperation } = await chain.operation(account)
    const gas = preVerificationGas.estimate(userOperation)
    const one = await chain.operation(account, { preVerificationGas: gas, ...feesOf(index) })
    expect(await core.mempool.add(one)).toMatchObject({ ok: true })
    all.push(one)
  }
  return all
}

async function poolTransaction(): Promise<{ to: Address; hash: Hash } | undefined> {
  const [transaction] = core.submission.inFlight()
  if (transaction === undefined) return undefined
  const { to, hash } = await chain.client.getTransaction({ hash: transaction.transactionHash })
  return { to: getAddress(to as Address), hash }
}

/** The blocks that come do not hold what waits. */
async function passBy(blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    for (const { transactionHash } of core.submission.inFlight())
      await chain.anvil.dropTransaction({ hash: transactionHash })
    await mineAndLook()
  }
}

async function landByAnother(one: ValidatedOperation): Promise<Hash> {
  const [other] = (await chain.executors(1)) as [PrivateKeyAccount]
  const serializedTransaction = await other.signTransaction({
    chainId: 103,
    nonce: 0,
    to: entryPoint07Address,
    data: encodeBundle(entryPoint07, [one], other.address),
    gas: 1_000_000n,
    maxFeePerGas: 50n * 10n ** 9n,
    // Before all else in the block.
    maxPriorityFeePerGas: 40n * 10n ** 9n,
  })
  return await chain.client.sendRawTransaction({ serializedTransaction })
}

async function expectLandedOnce(all: readonly ValidatedOperation[]): Promise<void> {
  for (const { userOperationHash } of all) {
    expect(await core.receipts.statusOf(userOperationHash)).toMatchObject({ status: 'included' })
    expect(await chain.landings(userOperationHash)).toHaveLength(1)
  }
}

describe('in its window', () => {
  it('sends bundles through the guard, signed for, and does not lose by them', async () => {
    await until(1, 0)
    const [executor] = executors as [PrivateKeyAccount]
    const before = await chain.client.getBalance({ address: executor.address })
    const all = await operations(3)
    const nextBlock = core.head().number + 1n
    await core.bundling.sendNow()
    expect(sent).toEqual([{ operations: expect.any(Array), nextBlock }])
    expect(await poolTransaction()).toMatchObject({ to: guard })
    await mineAndLook()
    await expectLandedOnce(all)
    expect(await chain.client.getBalance({ address: executor.address })).toBeGreaterThanOrEqual(before)
  })

  it('offers what its operations pay while others take them out of turn, and the usual price otherwise', async () => {
    await until(1, 0)
    const [executor] = executors as [PrivateKeyAccount]
    const gwei = 10n ** 9n
    const offers: bigint[] = []
    for (const nonce of [0n, 1n]) {
      isContested = nonce === 1n
      const before = await chain.client.getBalance({ address: executor.address })
      const all = await operations(2, index => ({ nonce, maxPriorityFeePerGas: BigInt(3 + index) * gwei }))
      await core.bundling.sendNow()
      offers.push(...core.submission.inFlight().map(({ fees }) => fees.maxPriorityFeePerGas))
      await mineAndLook()
      await expectLandedOnce(all)
      expect(await chain.client.getBalance({ address: executor.address })).toBeGreaterThanOrEqual(before)
    }
    expect(offers).toEqual([gwei, 3n * gwei])
  })

  it('offers no more than four times the usual, whatever its operations pay', async () => {
    isContested = true
    await until(1, 0)
    const gwei = 10n ** 9n
    const all = await operations(1, () => ({
      maxFeePerGas: 90n * gwei,
      maxPriorityFeePerGas: 80n * gwei,
    }))
    await core.bundling.sendNow()
    expect(core.submission.inFlight()).toMatchObject([{ fees: { maxPriorityFeePerGas: 4n * gwei } }])
    await mineAndLook()
    await expectLandedOnce(all)
  })

  it('does not lose by a bundle of one', async () => {
    await until(1, 0)
    const [executor] = executors as [PrivateKeyAccount]
    const before = await chain.client.getBalance({ address: executor.address })
    const all = await operations(1)
    await core.bundling.sendNow()
    await mineAndLook()
    await expectLandedOnce(all)
    expect(await chain.client.getBalance({ address: executor.address })).toBeGreaterThanOrEqual(before)
  })

  it('lands the rest of a bundle of which another has landed a part, and holds it against nobody', async () => {
    await until(1, 0)
    const all = await operations(3)
    const [own] = await core.bundling.sendNow()
    const taken = await landByAnother(all[1] as ValidatedOperation)
    await mineAndLook()
    await expectLandedOnce(all)
    expect(told.map(({ transactionHash }) => transactionHash).sort()).toEqual([own, own, taken].sort())
    expect(core.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    expect(core.submission.inFlight()).toEqual([])
    expect(core.reputation.dump().filter(({ status }) => status !== 'ok')).toEqual([])
  })
})

describe('out of turn', () => {
  it('sends nothing until its window comes', async () => {
    await until(2, 0)
    const all = await operations(2)
    while (schedule.leaderAt(core.head().number + 1n, 0) !== 1) {
      const isInTurn = schedule.rankOf(1, core.head().number + 1n) !== undefined
      if (isInTurn) break
      expect(await core.bundling.sendNow()).toEqual([])
      await mineAndLook()
    }
    await core.bundling.sendNow()
    await mineAndLook()
    await expectLandedOnce(all)
  })

  it('lets a bundle land in the grace of its window, and gives the nonce back after that', async () => {
    await until(1, 2)
    const all = await operations(2)
    await core.bundling.sendNow()
    const { last } = schedule.windowOf(core.head().number + 1n)
    // Not mined while the window and its grace last.
    while (core.head().number < last + 4n) {
      await passBy(1)
      await core.bundling.sendNow()
      for (const { operations: carried } of core.submission.inFlight())
        if (core.head().number < last + 4n) expect(carried).toHaveLength(2)
    }
    const cancellation = await poolTransaction()
    expect(cancellation?.to).toBe(executors[0]?.address)
    await mineAndLook()
    expect(core.submission.inFlight()).toEqual([])
    expect(core.mempool.size()).toEqual({ pending: 2, submitted: 0 })
    expect(await core.bundling.sendNow()).toEqual([])
    await until(1, 0)
    await core.bundling.sendNow()
    await mineAndLook()
    await expectLandedOnce(all)
  })

  it('knows after a crash when its bundle has to have landed', async () => {
    await until(1, 3)
    const all = await operations(2)
    await core.bundling.sendNow()
    const { last } = schedule.windowOf(core.head().number + 1n)
    await passBy(1)
    await core.abandon()
    while ((await chain.client.getBlockNumber()) < last + 4n) await chain.mine()
    await start()
    await core.look()
    await core.bundling.sendNow()
    const inFlight = core.submission.inFlight()
    if (inFlight.length > 0) expect((await poolTransaction())?.to).toBe(executors[0]?.address)
    await mineAndLook()
    await until(1, 0)
    await core.bundling.sendNow()
    await mineAndLook()
    await expectLandedOnce(all)
  })
})
