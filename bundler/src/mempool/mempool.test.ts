import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import fc from 'fast-check'
import { sql } from 'kysely'
import { keccak256 } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf, landingOf, openTestMempool, operationOf, type TestMempool } from '../testing/openMempool.ts'
import { numberedAddress } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { effectiveTip } from './effectiveTip.ts'

const gwei = 10n ** 9n
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
})
afterEach(async () => await pool.close())

describe('acknowledging', () => {
  it('happens when the operation can be read from the disk by someone else', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    expect(lookIntoDatabase(pool.path, 'select hash, state from operation')).toEqual([
      { hash: hashOf(one), state: 'waiting' },
    ])
  })

  it('does not happen when the disk refuses, and the next try is free', async () => {
    await sql`create trigger full before insert on operation begin select raise(abort, 'disk full'); end`.execute(
      pool.database,
    )
    const one = operationOf(1)
    await expect(pool.mempool.add(one)).rejects.toThrow('disk full')
    expect(pool.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    await sql`drop trigger full`.execute(pool.database)
    await pool.accepted(one)
  })

  it('gives one answer to the same operation, however often and quickly it is sent', async () => {
    const one = operationOf(1)
    const answers = await Promise.all([pool.mempool.add(one), pool.mempool.add(one), pool.mempool.add(one)])
    expect(answers).toEqual(answers.map(() => ({ ok: true, value: hashOf(one) })))
    await pool.accepted(one)
    expect(pool.mempool.dump()).toEqual([one.userOperation])
  })

  it('tells whoever waits for candidates', async () => {
    let arrivals = 0
    pool.mempool.onArrival(() => arrivals++)
    await pool.accepted(operationOf(1), operationOf(2))
    expect(arrivals).toBe(2)
  })
})

describe('a restart', () => {
  it('takes up everything that waited, in the order in which it came', async () => {
    const operations = [5, 3, 9, 1].map(account => operationOf(account))
    await pool.accepted(...operations)
    await pool.landed([landingOf(operations[1] as ValidatedOperation)])
    await pool.restart()
    expect(pool.mempool.dump()).toEqual(
      operations.filter((_, index) => index !== 1).map(one => one.userOperation),
    )
    expect(await pool.mempool.find(hashOf(operations[1] as ValidatedOperation))).toMatchObject({
      state: 'landed',
    })
    expect(pool.mempool.get(hashOf(operations[0] as ValidatedOperation))?.validated).toEqual(operations[0])
  })

  it('remembers why an operation was dropped', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    const refusal = { code: -32500, message: 'AA21 didn’t pay prefund', data: { needed: '5' } }
    await pool.mempool.drop(hashOf(one), refusal)
    await pool.restart()
    expect(await pool.mempool.find(hashOf(one))).toMatchObject({ state: 'dropped', refusal })
    expect(pool.mempool.size().pending).toBe(0)
  })
})

describe('candidates', () => {
  it('come best paying first at the base fee of now, the first nonce of each lane', async () => {
    const feeOf = fc.record({ tip: fc.integer({ min: 1, max: 50 }), room: fc.integer({ min: 0, max: 50 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(feeOf, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
        fc.bigInt({ min: 0n, max: 60n * gwei }),
        async (lanes, baseFee) => {
          await pool.mempool.clear()
          const operations = lanes.map((lane, account) =>
            lane.map(({ tip, room }, nonce) =>
              operationOf(account, {
                nonce: BigInt(nonce),
                maxPriorityFeePerGas: BigInt(tip) * gwei,
                maxFeePerGas: BigInt(tip + room) * gwei,
              }),
            ),
          )
          for (const lane of operations) await pool.accepted(...lane)
          const heads = operations.flatMap(lane => lane.slice(0, 1))
          const tips = pool.candidates(baseFee).map(hash => {
            const head = heads.find(one => hashOf(one) === hash)
            if (head === undefined) throw new Error('not the first of its lane')
            return effectiveTip(head.userOperation, baseFee)
          })
          expect(tips).toHaveLength(heads.length)
          expect(tips).toEqual(tips.toSorted((one, other) => (one > other ? -1 : one < other ? 1 : 0)))
        },
      ),
      { numRuns: 30 },
    )
  })

  it('are only those that offer at least what is asked for', async () => {
    const least = { maxFeePerGas: 4n * gwei, maxPriorityFeePerGas: 2n * gwei }
    await pool.accepted(
      operationOf(1, { maxFeePerGas: 4n * gwei, maxPriorityFeePerGas: 2n * gwei }),
      operationOf(2, { maxFeePerGas: 4n * gwei - 1n, maxPriorityFeePerGas: 2n * gwei }),
      operationOf(3, { maxFeePerGas: 4n * gwei, maxPriorityFeePerGas: 2n * gwei - 1n }),
    )
    const found = [...pool.mempool.candidates(gwei, least)].map(one => one.validated.userOperation.sender)
    expect(found).toEqual([numberedAddress(1)])
  })

  it('leave out senders that have something in flight, and come back when it is released', async () => {
    const first = operationOf(1)
    const otherLane = operationOf(1, { nonce: 5n << 64n })
    await pool.accepted(first, otherLane, operationOf(2))
    pool.mempool.submitted([hashOf(first)], keccak256('0xaa'))
    expect(pool.candidates()).toEqual([hashOf(operationOf(2))])
    expect([...pool.mempool.inFlight()].map(({ transactionHash }) => transactionHash)).toEqual([
      keccak256('0xaa'),
    ])
    pool.mempool.released([hashOf(first)])
    expect(pool.candidates()).toHaveLength(3)
  })

  it('go on to the next nonce when one has landed, whoever landed it', async () => {
    const [first, second] = [operationOf(1, { nonce: 4n }), operationOf(1, { nonce: 5n })]
    await pool.accepted(first, second)
    await pool.landed([landingOf(first)])
    expect(pool.candidates()).toEqual([hashOf(second)])
  })
})

describe('an operation whose nonce is used up as it comes in', () => {
  const [landing, late, next] = [
    operationOf(1),
    operationOf(1, { callData: '0x12' }),
    operationOf(1, { nonce: 1n }),
  ]
  const used = { code: -32500, message: 'AA25 invalid account nonce' }

  it('holds up none of its lane: it ends, and the next one goes', async () => {
    await pool.accepted(landing, next)
    await pool.landed([landingOf(landing)])
    await pool.accepted(late)
    expect(pool.candidates()).toEqual([hashOf(late)])
    await pool.mempool.drop(hashOf(late), used)
    expect(pool.candidates()).toEqual([hashOf(next)])
  })

  it('holds up none of its lane either where its block is taken in while it is written to the disk', async () => {
    await pool.accepted(landing, next)
    await pool.mempool.drop(hashOf(landing), used)
    const adding = pool.mempool.add(late)
    while (pool.mempool.size().pending < 2) await Promise.resolve()
    const step = await pool.mempool.prepareStep({ landed: [landingOf(landing)], lost: [], head: 1n })
    await adding
    step.apply()
    expect(pool.candidates()).toEqual([hashOf(late)])
    await pool.mempool.drop(hashOf(late), used)
    expect(pool.candidates()).toEqual([hashOf(next)])
  })
})

describe('what the chain says', () => {
  it('ends an operation whose nonce another one used', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    const stranger = { hash: keccak256('0xbb'), sender: numberedAddress(1), nonce: 0n }
    await pool.landed([stranger])
    expect(await pool.mempool.find(hashOf(one))).toMatchObject({
      state: 'dropped',
      refusal: { data: { landed: stranger.hash } },
    })
  })

  it('brings back what a reorg took, in its place', async () => {
    const [first, second] = [operationOf(1, { nonce: 0n }), operationOf(1, { nonce: 1n })]
    await pool.accepted(first, second)
    await pool.landed([landingOf(first)])
    await pool.lost([hashOf(first), keccak256('0xbb')])
    expect(pool.candidates()).toEqual([hashOf(first)])
    await pool.restart()
    expect(pool.candidates()).toEqual([hashOf(first)])
  })

  it('brings back, also after a restart, what was ended by a block that a reorg took', async () => {
    const [poor, outrun, older] = [operationOf(1), operationOf(2), operationOf(3)]
    const stranger = { hash: keccak256('0xbb'), sender: numberedAddress(2), nonce: 0n }
    const refusal = { code: -32500, message: 'AA21 didn’t pay prefund' }
    await pool.accepted(poor, outrun, older)
    await pool.mempool.drop(hashOf(older), refusal, 6n)
    await pool.mempool.drop(hashOf(poor), refusal, 7n)
    await pool.landed([stranger])
    await pool.database
      .updateTable('operation')
      .set({ dropped_at_block: 8 })
      .where('hash', '=', hashOf(outrun))
      .execute()
    await pool.lost([stranger.hash], 7n)
    expect(pool.candidates()).toEqual([hashOf(poor), hashOf(outrun)])
    await pool.restart()
    expect(pool.candidates()).toEqual([hashOf(poor), hashOf(outrun)])
    expect(await pool.mempool.find(hashOf(older))).toMatchObject({ state: 'dropped', refusal })
  })

  it('leaves what a vanished block ended where it is when another waits with its nonce', async () => {
    const [one, rival] = [operationOf(1), operationOf(1, { maxFeePerGas: 5n })]
    const refusal = { code: -32500, message: 'AA21 didn’t pay prefund' }
    await pool.accepted(one)
    await pool.mempool.drop(hashOf(one), refusal, 7n)
    await pool.accepted(rival)
    await pool.lost([], 7n)
    expect(pool.candidates()).toEqual([hashOf(rival)])
    expect(await pool.mempool.find(hashOf(one))).toMatchObject({ state: 'dropped', refusal })
  })

  it('does not bring back what ended for its age, whatever a reorg took', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    await pool.mempool.drop(hashOf(one), { code: -32503, message: 'expires too soon' })
    await pool.lost([], 0n)
    expect(pool.candidates()).toEqual([])
  })

  it('takes an operation up again that is sent once more and stands in no block', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    await pool.database.updateTable('operation').set({ state: 'landed' }).execute()
    await pool.restart()
    expect(pool.candidates()).toEqual([])
    await pool.accepted(one)
    expect(pool.candidates()).toEqual([hashOf(one)])
  })

  it('writes nothing of a step of the chain whose write fails, and keeps its memory as it was', async () => {
    const [one, rival] = [operationOf(1), operationOf(2)]
    await pool.accepted(one, rival)
    const step = await pool.mempool.prepareStep({ landed: [landingOf(one)], lost: [], head: 1n })
    const failing = pool.database.transaction().execute(async transaction => {
      await step.write(transaction)
      throw new Error('the disk is full')
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(pool.candidates()).toEqual([hashOf(one), hashOf(rival)])
    await pool.restart()
    expect(pool.candidates()).toEqual([hashOf(one), hashOf(rival)])
  })

  it('is not outrun by a disk that refuses: what could not be dropped waits on, here as there', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    await sql`create trigger full before update on operation begin select raise(abort, 'disk full'); end`.execute(
      pool.database,
    )
    const refusal = { code: -32500, message: 'AA21 didn’t pay prefund' }
    await expect(pool.mempool.drop(hashOf(one), refusal)).rejects.toThrow('disk full')
    expect(pool.candidates()).toEqual([hashOf(one)])
    await sql`drop trigger full`.execute(pool.database)
    await pool.mempool.drop(hashOf(one), refusal)
    expect(pool.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    expect(await pool.mempool.find(hashOf(one))).toMatchObject({ state: 'dropped', refusal })
  })

  it('does not count an operation as dropped that landed while it was being dropped', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    const step = await pool.mempool.prepareStep({ landed: [landingOf(one)], lost: [], head: 1n })
    await pool.database.transaction().execute(step.write)
    await pool.mempool.drop(hashOf(one), { code: -32503, message: 'expires too soon' })
    step.apply()
    expect(await pool.mempool.find(hashOf(one))).toMatchObject({ state: 'landed' })
    expect(await pool.registry.metrics()).not.toMatch(/dropped_total\{/)
  })

  it('counts a dropped operation as landed when someone landed it after all', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    await pool.mempool.drop(hashOf(one), { code: -32500, message: 'AA21' })
    await pool.landed([landingOf(one)])
    expect(await pool.mempool.find(hashOf(one))).toMatchObject({ state: 'landed' })
    await pool.accepted(one)
    expect(pool.mempool.size().pending).toBe(0)
  })
})
