import type { Block } from '@worldland-aa/service/chain/block'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf, openTestMempool, operationOf, type TestMempool, testBlock } from '../testing/openMempool.ts'
import { numberedAddress, sponsoredBy } from '../testing/validated.ts'

const paymaster = numberedAddress(900)
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
})
afterEach(async () => await pool.close())

const atBlock = (head: Block) => pool.mempool.onChainUpdate({ removed: [], added: [head], head })

describe('at each block', () => {
  it('ends what expires before the next block can be counted on', async () => {
    const [brief, lasting] = [
      operationOf(1, {}, { validUntil: 2_059 }),
      operationOf(2, {}, { validUntil: 2_060 }),
    ]
    await pool.accepted(brief, lasting)
    await atBlock(testBlock(9n, 2_000n))
    expect(await pool.mempool.find(hashOf(brief))).toMatchObject({
      state: 'dropped',
      refusal: { code: -32503, data: { validUntil: 2_059 } },
    })
    expect(pool.mempool.get(hashOf(lasting))).toBeDefined()
  })

  it('ends what a banned entity has in the pool [GREP-010]', async () => {
    const [sponsored, own] = [operationOf(1, sponsoredBy(paymaster)), operationOf(2)]
    await pool.accepted(sponsored, own)
    pool.reputation.crashed(paymaster)
    await atBlock(testBlock(2n))
    expect(await pool.mempool.find(hashOf(sponsored))).toMatchObject({ refusal: { code: -32504 } })
    expect(pool.mempool.get(hashOf(own))).toBeDefined()
  })

  it('ends what a throttled entity leaves in the pool for more than ten blocks [GREP-020]', async () => {
    const sponsored = operationOf(1, sponsoredBy(paymaster))
    await pool.accepted(sponsored)
    pool.reputation.set([{ address: paymaster, opsSeen: 200, opsIncluded: 0 }])
    await atBlock(testBlock(11n))
    expect(pool.mempool.get(hashOf(sponsored))).toBeDefined()
    await atBlock(testBlock(12n))
    expect(await pool.mempool.find(hashOf(sponsored))).toMatchObject({
      state: 'dropped',
      refusal: { data: { rule: 'GREP-020' } },
    })
  })
})
