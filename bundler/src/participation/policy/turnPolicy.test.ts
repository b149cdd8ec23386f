import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSchedule, type Schedule } from '../schedule/schedule.ts'
import { type Commitment, lastBlockInTurn, lastBlockOf, mayCarry } from './turnPolicy.ts'

const terms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }
const first = 256n
const bundlers = [1, 2, 3, 4, 5, 6]

function scheduleOf(leaders: readonly number[]): Schedule {
  return createSchedule(terms, epoch => (epoch === 1n ? { epoch, leaders } : undefined))
}

/** 1 2 3 4 5 6 1 2 … by window. */
const inTurns = scheduleOf(Array.from({ length: 64 }, (_, window) => bundlers[window % 6] as number))

function carriers(
  schedule: Schedule,
  nextBlock: bigint,
  knownSinceBlock: bigint,
  committedBy?: Commitment,
): readonly number[] {
  return bundlers.filter(bundlerId =>
    mayCarry({ schedule, bundlerId, nextBlock, knownSinceBlock, committedBy }),
  )
}

describe('who may carry an operation', () => {
  it('is the leader at once, and whoever stands in only once it has waited through the blocks of those before', () => {
    const known = first - 1n
    expect(carriers(inTurns, first, known)).toEqual([1])
    expect(carriers(inTurns, first + 1n, known)).toEqual([1])
    expect(carriers(inTurns, first + 2n, known)).toEqual([1, 2])
    // Come in the second block of the window: the leader has not had it for two blocks yet.
    expect(carriers(inTurns, first + 2n, first + 1n)).toEqual([1])
    expect(carriers(inTurns, first + 3n, first + 1n)).toEqual([1])
    expect(carriers(inTurns, first + 3n, first)).toEqual([1, 2])
  })

  it('is nobody while another may still land it, nor the committed one in its grace', () => {
    const committedBy = { bundlerId: 1, window: first / 4n }
    expect(carriers(inTurns, first + 3n, 0n, committedBy)).toEqual([1])
    for (let offset = 4n; offset < 8n; offset++)
      expect(carriers(inTurns, first + offset, 0n, committedBy)).toEqual([])
    expect(carriers(inTurns, first + 8n, 0n, committedBy)).toEqual([3])
  })

  it('is everybody in open mode', () => {
    expect(carriers(inTurns, first - 1n, first - 2n)).toEqual(bundlers)
  })

  it('is who led that place of the epoch before while no table is stored, and everybody after a window in vain', () => {
    const noTable = first + 256n
    expect(carriers(inTurns, noTable, noTable - 1n)).toEqual([1])
    expect(carriers(inTurns, noTable + 4n, noTable)).toEqual([2])
    expect(carriers(inTurns, noTable + 4n, noTable - 1n)).toEqual(bundlers)
    // One without any before it is open.
    expect(carriers(inTurns, noTable + 256n, noTable + 255n)).toEqual(bundlers)
  })
})

const leaders = fc.array(fc.constantFrom(...bundlers), { minLength: 64, maxLength: 64 })
const block = fc.bigInt(first + 8n, first + 255n)
const age = fc.bigInt(0n, 12n)
const commitment = fc.option(
  fc.record({ bundlerId: fc.constantFrom(...bundlers), windowsAgo: fc.bigInt(0n, 3n) }),
  { nil: undefined },
)

describe('for any schedule', () => {
  it('no more may carry an operation at once than ranks have come up', () => {
    fc.assert(
      fc.property(leaders, block, age, commitment, (ids, nextBlock, blocks, committed) => {
        const schedule = scheduleOf(ids)
        const { index, first: begins } = schedule.windowOf(nextBlock)
        const committedBy = committed && {
          bundlerId: committed.bundlerId,
          window: index - committed.windowsAgo,
        }
        const able = carriers(schedule, nextBlock, nextBlock - 1n - blocks, committedBy)
        expect(able.length).toBeLessThanOrEqual(1 + Number((nextBlock - begins) / 2n))
        for (const id of able) expect(['leader', 'fallback']).toContain(schedule.standingOf(id, nextBlock))
      }),
    )
  })

  it('somebody may carry what nobody has committed to in every block, and what somebody has once that is over', () => {
    fc.assert(
      fc.property(leaders, block, age, commitment, (ids, nextBlock, blocks, committed) => {
        const schedule = scheduleOf(ids)
        const known = nextBlock - 1n - blocks
        expect(carriers(schedule, nextBlock, known)).not.toEqual([])
        if (committed === undefined) return
        const window = schedule.windowOf(nextBlock).index - committed.windowsAgo
        const free = lastBlockOf(schedule, window) + 1n
        if (free < first + 256n)
          expect(carriers(schedule, free, known, { bundlerId: committed.bundlerId, window })).not.toEqual([])
      }),
    )
  })

  it('with one of them dead, another may carry it within a window and two blocks', () => {
    // Nobody leads two windows in a row.
    const steps = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 64, maxLength: 64 })
    const changing = steps.map(all => {
      const places = all.map((_, window) => all.slice(0, window + 1).reduce((sum, step) => sum + step, 0))
      return places.map(place => bundlers[place % 6] as number)
    })
    const someone = fc.constantFrom(...bundlers)
    fc.assert(
      fc.property(changing, someone, fc.bigInt(first, first + 200n), (ids, dead, known) => {
        const schedule = scheduleOf(ids)
        const blocks = Array.from({ length: 6 }, (_, offset) => known + 1n + BigInt(offset))
        expect(blocks.some(next => carriers(schedule, next, known).some(id => id !== dead))).toBe(true)
      }),
    )
  })

  it('a bundle that is signed in turn can land in no block in which its sender is out of turn', () => {
    fc.assert(
      fc.property(leaders, fc.constantFrom(...bundlers), block, (ids, bundlerId, nextBlock) => {
        const schedule = scheduleOf(ids)
        if (!mayCarry({ schedule, bundlerId, nextBlock, knownSinceBlock: 0n, committedBy: undefined })) return
        const last = lastBlockInTurn(schedule, bundlerId, nextBlock)
        if (last === undefined) return expect.unreachable()
        expect(last).toBeLessThanOrEqual(lastBlockOf(schedule, schedule.windowOf(nextBlock).index))
        for (let at = nextBlock; at <= last; at++) expect(schedule.standingOf(bundlerId, at)).not.toBe('none')
        if (last < lastBlockOf(schedule, schedule.windowOf(nextBlock).index))
          expect(schedule.standingOf(bundlerId, last + 1n)).toBe('none')
      }),
    )
  })

  it('nobody bounds a bundle in open mode, but by the end of the grace that the first led window leaves', () => {
    expect(lastBlockInTurn(inTurns, 3, 0n)).toBeUndefined()
    expect(lastBlockInTurn(inTurns, 3, first - 2n)).toBe(first + 3n)
    expect(lastBlockInTurn(inTurns, 3, first - 6n)).toBeUndefined()
  })
})
