import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OperationCost } from '../../bundling/operationCost.ts'
import { operationOf } from '../../testing/openMempool.ts'
import { createPromiseQueue } from './queue.ts'

const room = { gas: 100n, bytes: 100n }

/** Operations of these sizes, and what a queue makes of them. */
function queueOf(sizes: readonly { gas: number; bytes: number }[]) {
  const operations = sizes.map((_, index) => operationOf(index + 1))
  const costs = new Map(operations.map(({ userOperation }, index) => [userOperation, sizes[index]]))
  const queue = createPromiseQueue(({ userOperation }) => {
    const { gas, bytes } = costs.get(userOperation) ?? { gas: 0, bytes: 0 }
    return { gasLimit: BigInt(gas), bytes } as OperationCost
  })
  return { queue, operations }
}

describe('what is promised', () => {
  it('fills as many blocks as bundles of it, in the order of their promises, or more', () => {
    const size = fc.record({ gas: fc.integer({ min: 1, max: 100 }), bytes: fc.integer({ min: 1, max: 100 }) })
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 12 }), sizes => {
        const { queue, operations } = queueOf(sizes)
        for (const one of operations.slice(0, -1)) queue.add(one, 9n)
        const blocks = queue.blocksWith(operations.at(-1) as (typeof operations)[number], room)
        // As bundling does: first in, whatever still fits.
        let left = sizes
        let bundles = 0
        for (; left.length > 0; bundles++) {
          let [gas, bytes] = [100, 100]
          left = left.filter(one => {
            if (one.gas > gas || one.bytes > bytes) return true
            gas -= one.gas
            bytes -= one.bytes
            return false
          })
        }
        expect(blocks).toBeGreaterThanOrEqual(bundles)
        expect(blocks).toBeLessThanOrEqual(sizes.length)
      }),
    )
  })

  it('leaves no room for what is larger than any block', () => {
    const { queue, operations } = queueOf([{ gas: 101, bytes: 1 }])
    expect(queue.blocksWith(operations[0] as (typeof operations)[number], room)).toBeUndefined()
  })

  it('gives its room back when it has landed', () => {
    const { queue, operations } = queueOf([
      { gas: 90, bytes: 1 },
      { gas: 90, bytes: 1 },
    ])
    const [first, second] = operations as [(typeof operations)[number], (typeof operations)[number]]
    queue.add(first, 9n)
    expect(queue.blocksWith(second, room)).toBe(2)
    queue.delete(first.userOperationHash)
    expect(queue.blocksWith(second, room)).toBe(1)
    expect(queue.deadlineOf(first.userOperationHash)).toBeUndefined()
  })
})
