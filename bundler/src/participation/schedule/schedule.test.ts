import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSchedule, type LeaderTable, type Schedule, type ScheduleTerms } from './schedule.ts'

const terms: ScheduleTerms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }

function scheduleOf(...tables: readonly LeaderTable[]): Schedule {
  return createSchedule(terms, epoch => tables.find(table => table.epoch === epoch))
}

const table: LeaderTable = { epoch: 3n, leaders: Array.from({ length: 64 }, (_, window) => 1 + (window % 5)) }
const first = 3n * 256n

describe('the schedule', () => {
  const schedule = scheduleOf(table)

  it('has one leader for the blocks of a window, and the next leader as its first rank', () => {
    const ids = [0n, 3n, 4n, 7n, 8n].map(offset => schedule.leaderAt(first + offset, 0))
    expect(ids).toEqual([1, 1, 2, 2, 3])
    expect(schedule.leaderAt(first + 2n, 1)).toBe(2)
    expect(schedule.windowOf(first + 5n)).toEqual({ index: 193n, first: first + 4n, last: first + 7n })
  })

  it('lets the next leader stand in after two blocks, and the one before land what is on its way', () => {
    const standings = (id: number) => [4n, 5n, 6n, 7n].map(offset => schedule.standingOf(id, first + offset))
    expect(standings(2)).toEqual(['leader', 'leader', 'leader', 'leader'])
    expect(standings(3)).toEqual(['none', 'none', 'fallback', 'fallback'])
    expect(standings(1)).toEqual(['grace', 'grace', 'grace', 'grace'])
    expect([first, first + 1n].map(block => schedule.standingOf(4, block))).toEqual(['grace', 'grace'])
    expect(standings(4)).toEqual(['none', 'none', 'none', 'none'])
    expect(standings(0)).toEqual(['none', 'none', 'none', 'none'])
  })

  it('is open in an epoch that has no table, or one without anybody staked', () => {
    expect(schedule.standingOf(1, first - 1n)).toBe('open')
    expect(schedule.leaderAt(first - 1n, 0)).toBe(0)
    expect(scheduleOf({ epoch: 3n, leaders: [] }).standingOf(1, first)).toBe('open')
  })

  it('is open in windows that had begun when the table was stored, and everybody has grace in the one after', () => {
    const late = scheduleOf({ epoch: 3n, leaders: table.leaders.map((id, window) => (window < 10 ? 0 : id)) })
    const begins = first + 40n
    expect(late.standingOf(5, begins - 1n)).toBe('open')
    expect(late.leaderAt(begins, 0)).toBe(1)
    expect([1, 2, 5, 0].map(id => late.standingOf(id, begins))).toEqual(['leader', 'grace', 'grace', 'grace'])
    expect([2, 5, 0].map(id => late.standingOf(id, begins + 4n))).toEqual(['leader', 'none', 'none'])
  })

  it('goes over from one epoch to the next: who led its last window has grace in the first of the next', () => {
    const next: LeaderTable = { epoch: 4n, leaders: Array.from({ length: 64 }, () => 9) }
    const both = scheduleOf(table, next)
    const last = first + 255n
    expect(both.leaderAt(last, 0)).toBe(4)
    expect(both.leaderAt(last, 1)).toBe(9)
    expect(both.standingOf(9, last)).toBe('fallback')
    expect(both.standingOf(4, last + 1n)).toBe('grace')
    expect(both.standingOf(4, last + 5n)).toBe('none')
  })
})

describe('standings', () => {
  it('name one leader a block, and otherwise agree with the ranks', () => {
    const leaders = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(leaders, fc.bigInt(first, first + 255n), (ids, block) => {
        const schedule = scheduleOf({ epoch: 3n, leaders: ids })
        const standings = [1, 2, 3, 4, 5, 6].map(id => schedule.standingOf(id, block))
        expect(standings.filter(standing => standing === 'leader')).toHaveLength(1)
        for (const [index, standing] of standings.entries()) {
          const rank = schedule.rankOf(index + 1, block)
          expect(rank === undefined).toBe(standing === 'none' || standing === 'grace')
          if (rank !== undefined) expect(schedule.leaderAt(block, rank)).toBe(index + 1)
        }
      }),
    )
  })
})

type Vectors = {
  readonly terms: ScheduleTerms
  readonly tables: readonly { readonly epoch: number; readonly leaders: readonly number[] }[]
  readonly blocks: readonly {
    readonly block: number
    readonly leaders: readonly number[]
    readonly inTurn: readonly number[]
  }[]
}

describe('the vectors of the contract', () => {
  const path = join(import.meta.dirname, '../../../../contracts/test/vectors/leaderSchedule.json')
  const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors
  const told = vectors.tables.map(({ epoch, leaders }) => ({ epoch: BigInt(epoch), leaders }))
  const schedule = createSchedule(vectors.terms, epoch => told.find(one => one.epoch === epoch))

  it('name the same leaders by rank, and the same bundlers in turn', () => {
    expect(vectors.blocks.length).toBeGreaterThan(100)
    for (const { block: number, leaders, inTurn } of vectors.blocks) {
      const block = BigInt(number)
      expect([number, leaders.map((_, rank) => schedule.leaderAt(block, rank))]).toEqual([number, leaders])
      const able = [0, 1, 2, 3, 4, 5, 6].filter(id => schedule.standingOf(id, block) !== 'none')
      expect([number, able]).toEqual([number, inTurn])
    }
  })
})
