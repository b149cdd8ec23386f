import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHeap } from './heap.ts'

describe('heap', () => {
  it('gives its items in order, whether they were there from the start or came later', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (early, late) => {
        const heap = createHeap<number>((one, other) => one < other, early)
        for (const item of late) heap.push(item)
        expect(heap.size).toBe(early.length + late.length)
        const popped: number[] = []
        for (let item = heap.pop(); item !== undefined; item = heap.pop()) popped.push(item)
        expect(popped).toEqual([...early, ...late].sort((one, other) => one - other))
      }),
    )
  })
})
