import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Breath, createBreath } from './breath.ts'
import { createSchedule } from './schedule/schedule.ts'

const terms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }
/** 1 1 2 3 1 1 2 3 … from block 256 on. */
const leaders = Array.from({ length: 64 }, (_, window) => [1, 1, 2, 3][window % 4] as number)
const schedule = createSchedule(terms, epoch => (epoch === 1n ? { epoch, leaders } : undefined))
let drawn: number
let breath: Breath

beforeEach(() => {
  vi.useFakeTimers()
  drawn = 0
  breath = createBreath({ schedule, onDrawn: () => drawn++ })
})
afterEach(() => {
  breath.forget()
  vi.useRealTimers()
})

/** So long a pause the node makes after a block that `nextBlock` follows. */
function pauseAfter(bundlerId: number, nextBlock: bigint): number {
  breath.see(bundlerId, nextBlock)
  let milliseconds = 0
  for (; !breath.isDrawn(); milliseconds += 100) vi.advanceTimersByTime(100)
  return milliseconds
}

describe('a node whose turn it is', () => {
  it('draws breath when another led before, and acts at once when nobody did or it did itself', () => {
    expect(pauseAfter(1, 255n)).toBe(0)
    expect(pauseAfter(1, 256n)).toBe(0)
    expect(pauseAfter(1, 260n)).toBe(0)
    expect(drawn).toBe(0)
    expect(pauseAfter(2, 264n)).toBe(500)
    expect(drawn).toBe(1)
  })

  it('waits longer where it stands in, once a turn and not with each block', () => {
    expect(pauseAfter(2, 260n)).toBe(0)
    expect(pauseAfter(2, 262n)).toBe(1_000)
    expect(pauseAfter(2, 263n)).toBe(0)
    expect(drawn).toBe(1)
  })

  it('is not woken for a turn that is over', () => {
    breath.see(2, 262n)
    breath.see(2, 268n)
    vi.advanceTimersByTime(5_000)
    expect(drawn).toBe(0)
  })
})
