import { keccak256 } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf, landingOf, openTestMempool, operationOf, type TestMempool } from '../testing/openMempool.ts'
import { numberedAddress, sponsoredBy } from '../testing/validated.ts'

const gwei = 10n ** 9n
const paymaster = numberedAddress(900)
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
})
afterEach(async () => await pool.close())

describe('replacing', () => {
  it('takes the place of an operation with the same sender and nonce for a tenth more', async () => {
    const cheap = operationOf(1)
    const dear = operationOf(1, { maxFeePerGas: 3_300_000_000n, maxPriorityFeePerGas: 1_100_000_000n })
    await pool.accepted(cheap, dear)
    expect(pool.mempool.dump()).toEqual([dear.userOperation])
    expect(await pool.mempool.find(hashOf(cheap))).toMatchObject({
      state: 'dropped',
      refusal: { data: { replacedBy: hashOf(dear) } },
    })
  })

  it('is refused for less, and says for how much', async () => {
    await pool.accepted(operationOf(1))
    const refusal = await pool.refused(
      operationOf(1, { maxFeePerGas: 3_300_000_000n, maxPriorityFeePerGas: 1_099_999_999n }),
    )
    expect(refusal).toMatchObject({ code: -32602, data: { field: 'maxPriorityFeePerGas' } })
    expect(refusal.message).toContain('1100000000')
    expect(pool.mempool.size().pending).toBe(1)
  })

  it('is refused while the waiting one rides in a transaction', async () => {
    const one = operationOf(1)
    await pool.accepted(one)
    pool.mempool.submitted([hashOf(one)], keccak256('0xaa'))
    const refusal = await pool.refused(
      operationOf(1, { maxFeePerGas: 9n * gwei, maxPriorityFeePerGas: 9n * gwei }),
    )
    expect(refusal).toMatchObject({
      code: -32602,
      data: { field: 'nonce', transactionHash: keccak256('0xaa') },
    })
  })

  it('takes an opsSeen back from the entity that the replacement does without [GREP-050]', async () => {
    await pool.accepted(operationOf(1, sponsoredBy(paymaster)))
    expect(pool.reputation.entryOf(paymaster).opsSeen).toBe(1)
    await pool.accepted(operationOf(1, { maxFeePerGas: 4n * gwei, maxPriorityFeePerGas: 2n * gwei }))
    expect(pool.reputation.dump()).toMatchObject([{ address: paymaster, opsSeen: 0 }])
  })

  it('counts an entity once for all that replace each other, however often that is [GREP-050]', async () => {
    for (let fee = 4n; fee < 40n; fee *= 2n) {
      const fees = { maxFeePerGas: fee * gwei, maxPriorityFeePerGas: fee * gwei }
      await pool.accepted(operationOf(1, { ...sponsoredBy(paymaster), ...fees }))
      expect(pool.reputation.entryOf(paymaster).opsSeen).toBe(1)
    }
  })

  it('counts no unstaked account or factory, and every paymaster', async () => {
    const factory = numberedAddress(9)
    await pool.accepted(operationOf(1, { ...sponsoredBy(paymaster), factory, factoryData: '0x' }))
    expect(pool.reputation.dump()).toMatchObject([{ address: paymaster, opsSeen: 1 }])
  })
})

describe('a full mempool', () => {
  const paying = (account: number, tip: bigint) =>
    operationOf(account, { maxFeePerGas: 100n * gwei, maxPriorityFeePerGas: tip * gwei })

  beforeEach(async () => {
    await pool.restart({ maxOperations: 3 })
    await pool.accepted(paying(1, 5n), paying(2, 2n), paying(3, 4n))
  })

  it('makes room by letting go of who pays least, and says so', async () => {
    await pool.accepted(paying(4, 3n))
    expect(pool.mempool.size().pending).toBe(3)
    const gone = await pool.mempool.find(hashOf(paying(2, 2n)))
    expect(gone).toMatchObject({ state: 'dropped', refusal: { code: -32504 } })
    expect(gone?.refusal?.message).toContain('the mempool is full')
  })

  it('refuses who would pay least, and says how much is enough', async () => {
    const refusal = await pool.refused(paying(4, 2n))
    expect(refusal.data).toMatchObject({ field: 'maxPriorityFeePerGas', aboveWei: (2n * gwei).toString() })
  })

  it('lets go of the last nonce of the lane, for nothing could land after a gap', async () => {
    await pool.landed([landingOf(paying(3, 4n))])
    const next = operationOf(2, { nonce: 1n, maxFeePerGas: 100n * gwei, maxPriorityFeePerGas: 9n * gwei })
    await pool.accepted(next, paying(5, 8n))
    expect(pool.mempool.get(hashOf(next))).toBeUndefined()
    expect(pool.mempool.get(hashOf(paying(2, 2n)))).toBeDefined()
  })

  it('never lets go of what rides in a transaction', async () => {
    const all = [paying(1, 5n), paying(2, 2n), paying(3, 4n)]
    pool.mempool.submitted(all.map(hashOf), keccak256('0xaa'))
    await pool.accepted(paying(4, 1n))
    pool.mempool.released([hashOf(paying(2, 2n))])
    await pool.accepted(paying(5, 9n))
    expect(all.map(one => pool.mempool.get(hashOf(one))?.state)).toEqual([
      'submitted',
      'pending',
      'submitted',
    ])
    expect(pool.mempool.get(hashOf(paying(4, 1n)))).toBeUndefined()
  })
})
