import type { Hash } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf, landingOf, openTestMempool, operationOf, type TestMempool } from '../testing/openMempool.ts'

const gwei = 10n ** 9n
const carrier = `0x${'aa'.repeat(32)}` as Hash
const first = operationOf(1)
const second = operationOf(1, { maxFeePerGas: 6n * gwei, maxPriorityFeePerGas: 2n * gwei })
const third = operationOf(1, { maxFeePerGas: 9n * gwei, maxPriorityFeePerGas: 3n * gwei })
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
  await pool.accepted(first)
  pool.mempool.submitted([hashOf(first)], carrier)
})
afterEach(async () => await pool.close())

describe('the successor of an operation in flight', () => {
  it('is refused while a block may take the transaction of the first', async () => {
    expect(await pool.refused(second)).toMatchObject({ code: -32602, data: { transactionHash: carrier } })
    pool.mempool.heldUp([hashOf(first)], true)
    await pool.accepted(second)
    pool.mempool.heldUp([hashOf(first)], false)
    expect(pool.mempool.get(hashOf(second))?.state).toBe('pending')
  })

  it('is no candidate for another nonce while the first is bound to one', async () => {
    pool.mempool.heldUp([hashOf(first)], true)
    await pool.accepted(second)
    expect(pool.candidates()).toEqual([])
    expect(pool.mempool.latestAtNonceOf(hashOf(first))?.validated).toEqual(second)
  })

  it('goes in its stead when the first is set free, also after a restart', async () => {
    pool.mempool.heldUp([hashOf(first)], true)
    await pool.accepted(second)
    pool.mempool.released([hashOf(first)])
    expect(pool.candidates()).toEqual([hashOf(second)])
    await pool.restart()
    expect(pool.candidates()).toEqual([hashOf(second)])
  })

  it('is replaced by the next like any that waits, and the first stays', async () => {
    pool.mempool.heldUp([hashOf(first)], true)
    await pool.accepted(second, third)
    expect(pool.mempool.get(hashOf(second))).toBeUndefined()
    expect(pool.mempool.get(hashOf(first))?.state).toBe('submitted')
    pool.mempool.released([hashOf(first)])
    expect(pool.candidates()).toEqual([hashOf(third)])
  })

  it.each([
    ['the first', first],
    ['the successor', third],
  ])('ends with the others when %s lands', async (_, landing) => {
    pool.mempool.heldUp([hashOf(first)], true)
    await pool.accepted(second)
    pool.mempool.submitted([hashOf(second)], carrier)
    pool.mempool.heldUp([hashOf(second)], true)
    await pool.accepted(third)
    await pool.landed([landingOf(landing)])
    expect(pool.mempool.size()).toEqual({ pending: 0, submitted: 0 })
    for (const one of [first, second, third]) {
      const state = one === landing ? 'landed' : 'dropped'
      expect(await pool.mempool.find(hashOf(one))).toMatchObject({ state })
    }
  })
})
