import { keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { createSetbacks } from './setbacks.ts'

const hash = keccak256('0x01')
const other = keccak256('0x02')

describe('setbacks', () => {
  it('halve what the next bundle may hold, down to one, and double it with every success', () => {
    const setbacks = createSetbacks()
    const full = setbacks.maxOperations
    setbacks.failed([hash, other, hash, other], 1n)
    expect(setbacks.maxOperations).toBe(2)
    setbacks.failed([hash, other], 2n)
    setbacks.failed([hash], 3n)
    expect(setbacks.maxOperations).toBe(1)
    for (let success = 0; success < 20; success++) setbacks.succeeded()
    expect(setbacks.maxOperations).toBe(full)
  })

  it('make an operation that fails alone wait longer each time, never for ever, and others not at all', () => {
    const setbacks = createSetbacks()
    const waits: number[] = []
    let head = 0n
    for (let time = 0; time < 9; time++) {
      setbacks.failed([hash], head)
      const from = head
      while (setbacks.isPostponed(hash, head)) head++
      waits.push(Number(head - from))
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64])
    expect(setbacks.isPostponed(other, 0n)).toBe(false)
  })

  it('last until the next block, and no longer each time, where the chain moved while it was judged', () => {
    const setbacks = createSetbacks()
    for (let head = 5n; head < 9n; head++) {
      setbacks.untilNextBlock(hash, head)
      expect([head, head + 1n].map(at => setbacks.isPostponed(hash, at))).toEqual([true, false])
    }
  })

  it('do not last for blocks that are gone', () => {
    const setbacks = createSetbacks()
    for (let time = 0n; time < 4n; time++) setbacks.postpone(hash, 100n + time)
    setbacks.rewind(20n)
    expect([27n, 28n].map(at => setbacks.isPostponed(hash, at))).toEqual([true, false])
  })

  it('are forgotten with the operation', () => {
    const setbacks = createSetbacks()
    setbacks.keepApart(hash)
    setbacks.postpone(hash, 0n)
    setbacks.keepApart(other)
    setbacks.forgetUnless(one => one === other)
    expect([setbacks.isApart(hash), setbacks.isPostponed(hash, 0n), setbacks.isApart(other)]).toEqual([
      false,
      false,
      true,
    ])
  })
})
