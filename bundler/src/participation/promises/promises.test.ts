import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Address } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf, landingOf, operationOf, testBlock } from '../../testing/openMempool.ts'
import { court, openPromises, otherId, ownId, type PromiseStage } from '../../testing/openPromises.ts'
import { sponsoredBy } from '../../testing/validated.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { KnownPromise } from './promiseStore.ts'
import { signerOfPromise, signPromise } from './signPromise.ts'

const gwei = 10n ** 9n
const patience = 10_000
let stage: PromiseStage

beforeEach(async () => {
  stage = await openPromises()
})
afterEach(async () => await stage.close())

/** Accepted and offered; resolves with what is promised for it. */
async function admitted(operation: ValidatedOperation): Promise<KnownPromise | undefined> {
  await stage.mempool.accepted(operation)
  stage.promises.offer(operation)
  return await stage.promises.wait(hashOf(operation), patience)
}

/** Accepted, and then nothing is promised, for that reason. */
async function withheld(operation: ValidatedOperation): Promise<string> {
  await stage.mempool.accepted(operation)
  const before = { ...stage.promises.status().withheld }
  stage.promises.offer(operation)
  const { withheld: reasons } = stage.promises.status()
  expect(await stage.promises.wait(hashOf(operation), 0)).toBeUndefined()
  const [reason] = Object.keys(reasons).filter(name => reasons[name] !== before[name])
  return reason ?? 'nothing'
}

const stateOf = async (operation: ValidatedOperation): Promise<string | undefined> =>
  (await stage.promises.wait(hashOf(operation), 0))?.state

describe('a node that leads', () => {
  it('promises what comes in, by its key, before the court, and tells the others', async () => {
    const one = operationOf(1)
    const known = await admitted(one)
    expect(known).toMatchObject({ isOwn: true, state: 'open', court })
    expect(known?.promise).toEqual({
      bundlerId: ownId,
      userOpHash: hashOf(one),
      sender: one.userOperation.sender,
      nonce: one.userOperation.nonce,
      // Block 2 is of window 0, which ends with 3.
      latestBlock: 3n + 8n,
      // What it pays at most, less the tip that miners ask for.
      maxBaseFeePerGas: one.userOperation.maxFeePerGas - gwei,
    })
    expect(signerOfPromise(known as KnownPromise, { chainId: 103, court })).toBe(
      privateKeyToAddress(stage.nodeKey),
    )
    expect(stage.published.map(({ promise }) => promise.userOpHash)).toEqual([hashOf(one)])
  })

  it('has it on the disk before anybody hears of it', async () => {
    const one = operationOf(1)
    const known = await admitted(one)
    expect(
      lookIntoDatabase(stage.mempool.path, 'select operation_hash, signature, is_own from inclusion_promise'),
    ).toEqual([{ operation_hash: hashOf(one), signature: known?.signature, is_own: 1 }])
  })

  it('promises nothing that the disk does not take', async () => {
    await sql`create trigger full before insert on inclusion_promise begin select raise(abort, 'disk full'); end`.execute(
      stage.mempool.database,
    )
    const one = operationOf(1)
    await stage.mempool.accepted(one)
    stage.promises.offer(one)
    await stage.promises.stop()
    expect(await stage.promises.wait(hashOf(one), 0)).toBeUndefined()
    expect(stage.published).toEqual([])
  })

  it('promises an operation in the write that takes it in', async () => {
    stage.mempool.mempool.onAdmitted(stage.promises.offer)
    const one = operationOf(1)
    await stage.mempool.accepted(one)
    expect(lookIntoDatabase(stage.mempool.path, 'select operation_hash from inclusion_promise')).toEqual([
      { operation_hash: hashOf(one) },
    ])
    expect(await stage.promises.own(hashOf(one))).toMatchObject({ isOwn: true, state: 'open' })
  })

  it('promises no operation that the disk does not take', async () => {
    stage.mempool.mempool.onAdmitted(stage.promises.offer)
    await sql`create trigger full before insert on operation begin select raise(abort, 'disk full'); end`.execute(
      stage.mempool.database,
    )
    const one = operationOf(1)
    await expect(stage.mempool.accepted(one)).rejects.toThrow('disk full')
    expect(await stage.promises.own(hashOf(one))).toBeUndefined()
    expect(stage.published).toEqual([])
    expect(lookIntoDatabase(stage.mempool.path, 'select operation_hash from inclusion_promise')).toEqual([])
    expect(await stage.registry.getSingleMetricAsString('bundler_promises_open')).toMatch(/ 0$/m)
  })

  it('promises the first of two that come at once from one sender', async () => {
    stage.mempool.mempool.onAdmitted(stage.promises.offer)
    const [one, other] = [operationOf(1), operationOf(1, { nonce: 1n << 64n })]
    await Promise.all([stage.mempool.accepted(one), stage.mempool.accepted(other)])
    await stage.promises.stop()
    expect(stage.published.map(({ promise }) => promise.userOpHash)).toEqual([hashOf(one)])
    expect(stage.promises.status().withheld).toEqual({ 'sender busy': 1 })
  })

  it('promises what takes the place of another at the same nonce', async () => {
    await stage.mempool.accepted(operationOf(1))
    stage.mempool.mempool.onAdmitted(stage.promises.offer)
    const better = operationOf(1, { maxFeePerGas: 100n * gwei, maxPriorityFeePerGas: 50n * gwei })
    await stage.mempool.accepted(better)
    expect(await stage.promises.own(hashOf(better))).toMatchObject({ isOwn: true })
  })

  it('gives the same promise again after a crash, whatever has changed', async () => {
    const one = operationOf(1)
    const known = await admitted(one)
    await stage.restart()
    stage.head = 6n
    stage.promises.offer(one)
    expect((await stage.promises.wait(hashOf(one), patience))?.signature).toBe(known?.signature)
  })

  it('never signs two promises for one operation, in whatever order it is told of it, crashes and blocks come', async () => {
    const deeds = fc.constantFrom('offer', 'offer', 'mine', 'restart', 'take turns')
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { maxLength: 12 }), async story => {
        const own = await openPromises()
        try {
          const one = operationOf(1)
          await own.mempool.accepted(one)
          for (const deed of story) {
            if (deed === 'offer') own.promises.offer(one)
            else if (deed === 'mine') await own.mine()
            else if (deed === 'restart') await own.restart()
            else own.leaders = own.leaders[0] === ownId ? [otherId] : [ownId]
          }
          await own.promises.stop()
          const said = new Set(own.published.map(({ signature }) => signature))
          expect(said.size).toBeLessThanOrEqual(1)
        } finally {
          await own.close()
        }
      }),
      { numRuns: 15 },
    )
  })

  it('carries what it promised before all else, and lets it make room for nobody', async () => {
    const promised = operationOf(1)
    const better = operationOf(2, { maxPriorityFeePerGas: 2n * gwei })
    await admitted(promised)
    await stage.mempool.accepted(better)
    expect(stage.mempool.candidates()).toEqual([hashOf(promised), hashOf(better)])
  })
})

describe('nothing is promised', () => {
  it('while another leads this window and the next', async () => {
    stage.leaders = [otherId]
    expect(await withheld(operationOf(1))).toBe('nothing')
  })

  it('while other bundlers know blocks that this node does not', async () => {
    stage.isBehind = true
    expect(await withheld(operationOf(1))).toBe('node lags')
    stage.isBehind = false
    expect(await withheld(operationOf(2))).toBe('nothing')
  })

  it('behind an operation of the same sender', async () => {
    await admitted(operationOf(1))
    expect(await withheld(operationOf(1, { nonce: 1n << 64n }))).toBe('sender busy')
  })

  it('that can hardly pay the base fee, or may end before it has landed', async () => {
    expect(await withheld(operationOf(1, { maxFeePerGas: 2n * gwei + 1n }))).toBe('fee too low')
    expect(await withheld(operationOf(2, {}, { validUntil: 1_100 }))).toBe('expires')
  })

  it('later than a third of its time allows, on average', async () => {
    const soon = operationOf(1, {}, { validUntil: 1_000 + 8 * 30 })
    expect((await admitted(soon))?.promise.latestBlock).toBe(1n + 8n)
    const late = operationOf(2, {}, { validUntil: 1_000 + 20 * 30 })
    expect((await admitted(late))?.promise.latestBlock).toBe(11n)
  })

  it('while the executors cannot pay for a whole bundle', async () => {
    stage.balanceWei = 10n ** 16n
    expect(await withheld(operationOf(1))).toBe('executors poor')
  })

  it('for whom is throttled', async () => {
    const sponsored = operationOf(1, sponsoredBy(operationOf(99).userOperation.sender))
    const paymaster = sponsored.userOperation.paymaster as Address
    for (let count = 0; count < 200; count++) stage.mempool.reputation.seen([paymaster])
    expect(await withheld(sponsored)).toBe('entity throttled')
  })

  it('that stands on the storage of another that is promised', async () => {
    const first = operationOf(1)
    await admitted(first)
    const second = operationOf(
      2,
      {},
      { storage: { [first.userOperation.sender]: { reads: [], writes: [] } } },
    )
    expect(await withheld(second)).toBe('shares storage')
  })

  it('beyond what the blocks of its windows hold', async () => {
    // Blocks 2 and 3, then 4 to 7; none takes two of these.
    const large = { callGasLimit: 6_000_000n }
    stage.leaders = [ownId, ownId, otherId]
    const latest: unknown[] = []
    for (let account = 1; account <= 6; account++) {
      latest.push((await admitted(operationOf(account, large)))?.promise.latestBlock)
    }
    expect(latest).toEqual([11n, 11n, 15n, 15n, 15n, 15n])
    expect(await withheld(operationOf(7, large))).toBe('no room')
  })
})

describe('a promise of this node', () => {
  it('is kept when its operation lands in time, and its room is free again', async () => {
    const one = operationOf(1)
    await admitted(one)
    await stage.mine(landingOf(one))
    expect(await stateOf(one)).toBe('kept')
    expect(await stage.registry.getSingleMetricAsString('bundler_promises_kept_total')).toContain(
      '{whose="own"} 1',
    )
    expect(await stage.registry.getSingleMetricAsString('bundler_promises_open')).toMatch(/ 0$/m)
  })

  it('is broken when its block has come without it, and late when it lands after all', async () => {
    const one = operationOf(1)
    await admitted(one)
    while (stage.head < 10n) await stage.mine()
    expect(await stateOf(one)).toBe('open')
    await stage.mine()
    expect(await stateOf(one)).toBe('broken')
    await stage.mine(landingOf(one))
    expect(await stateOf(one)).toBe('late')
  })

  it('is void when its user spent the nonce on something else', async () => {
    const one = operationOf(1)
    await admitted(one)
    const rival = operationOf(1, { callData: '0x01' })
    await stage.mine(landingOf(rival))
    expect(await stateOf(one)).toBe('void')
  })

  it('is void when its user made it impossible, and broken while the node cannot tell', async () => {
    const one = operationOf(1)
    await admitted(one)
    while (stage.head < 11n) await stage.mine()
    expect(await stateOf(one)).toBe('broken')
    stage.simulation = { kind: 'failed', index: 0, reason: 'AA23 reverted' }
    await stage.mine()
    expect(await stateOf(one)).toBe('void')
  })

  it('is void where the court has excused it, though its operation can land', async () => {
    const one = operationOf(1)
    await admitted(one)
    stage.caseState = 2
    while (stage.head < 10n) await stage.mine()
    expect(await stateOf(one)).toBe('open')
    await stage.mine()
    expect(await stateOf(one)).toBe('void')
    expect(await stage.registry.getSingleMetricAsString('bundler_promises_broken_total')).not.toContain('own')
  })

  it('is open again when a reorg takes its landing back', async () => {
    const one = operationOf(1)
    await admitted(one)
    await stage.mine(landingOf(one))
    await stage.mempool.lost([hashOf(one)])
    await stage.mempool.database.deleteFrom('inclusion').execute()
    const [removed, head] = [testBlock(stage.head), testBlock(stage.head)]
    await stage.promises.onChainUpdate({ removed: [removed], added: [head], head })
    expect(await stateOf(one)).toBe('open')
    expect(stage.mempool.candidates()).toEqual([hashOf(one)])
  })

  it('is judged after a restart by what landed meanwhile', async () => {
    const one = operationOf(1)
    await admitted(one)
    await stage.restart()
    await stage.mempool.landed([landingOf(one)])
    await stage.mempool.database.updateTable('inclusion').set({ block_number: 2 }).execute()
    stage.head = 40n
    await stage.mine()
    expect(await stateOf(one)).toBe('kept')
  })
})

describe("another's promise", () => {
  const signed = (operation: ValidatedOperation, change: object = {}, key = stage.otherKey) => {
    const { sender, nonce } = operation.userOperation
    const promise = {
      bundlerId: otherId,
      userOpHash: hashOf(operation),
      sender,
      nonce,
      latestBlock: 11n,
      maxBaseFeePerGas: gwei,
      ...change,
    }
    return signPromise(promise, { chainId: 103, court }, key)
  }

  beforeEach(() => {
    stage.leaders = [ownId, otherId]
  })

  it('is told to whoever waits, if its bundler leads and signed it', async () => {
    const one = operationOf(1)
    await stage.mempool.accepted(one)
    const waiting = stage.promises.wait(hashOf(one), patience)
    expect(await stage.promises.received(signed(one))).toBe('accept')
    expect(await waiting).toMatchObject({ isOwn: false, state: 'open', promise: { bundlerId: otherId } })
    await stage.commits.settled()
    await stage.restart()
    expect(await stage.promises.wait(hashOf(one), 0)).toMatchObject({ isOwn: false })
  })

  it('is rejected under another key, or with other words than the operation has', async () => {
    const one = operationOf(1)
    await stage.mempool.accepted(one)
    expect(await stage.promises.received(signed(one, {}, stage.nodeKey))).toBe('reject')
    expect(await stage.promises.received(signed(one, { sender: court }))).toBe('reject')
    expect(await stage.promises.received(signed(one, { nonce: 5n }))).toBe('reject')
    expect(await stage.promises.received(signed(one, { maxBaseFeePerGas: 99n * gwei }))).toBe('reject')
    expect(await stage.promises.received(signed(one, { latestBlock: 10_000n }))).toBe('reject')
    expect(await stage.promises.wait(hashOf(one), 0)).toBeUndefined()
  })

  it('is left aside of whom it is not the turn, and when its block is long past', async () => {
    const one = operationOf(1)
    stage.leaders = [ownId]
    expect(await stage.promises.received(signed(one))).toBe('ignore')
    stage.leaders = [otherId]
    stage.head = 40n
    expect(await stage.promises.received(signed(one))).toBe('ignore')
  })

  it('that comes before its operation is passed on, and counts once that is here', async () => {
    const one = operationOf(1)
    expect(await stage.promises.received(signed(one))).toBe('accept')
    expect(await stage.promises.wait(hashOf(one), 0)).toBeUndefined()
    stage.leaders = [otherId]
    await stage.mempool.accepted(one)
    stage.promises.arrived(hashOf(one))
    expect(await stage.promises.wait(hashOf(one), patience)).toMatchObject({ isOwn: false })
  })

  it('gives way to one that is due before it', async () => {
    const one = operationOf(1)
    await stage.mempool.accepted(one)
    await stage.promises.received(signed(one, { latestBlock: 15n }))
    stage.promises.offer(one)
    await stage.promises.stop()
    expect(await stage.promises.wait(hashOf(one), 0)).toMatchObject({
      isOwn: true,
      promise: { latestBlock: 11n },
    })
  })
})
