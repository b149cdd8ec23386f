import { describe, expect, it } from 'vitest'
import type { PhaseFigures } from './phase.ts'
import { type Evidence, judge } from './verdicts.ts'

function figures(name: string, changes: Partial<PhaseFigures> = {}): PhaseFigures {
  return {
    phase: { name, seconds: 10, strength: 1 },
    acknowledged: 4,
    landed: 4,
    landedTwice: 0,
    reverted: 0,
    refusals: [],
    acceptMilliseconds: [10, 20],
    landedSeconds: [1, 2],
    outcomes: {},
    daemonCpuMillisecondsPerSecond: 100,
    ...changes,
  }
}

const peaceful: Evidence = {
  phases: [
    figures('quiet'),
    figures('hostile', { daemonCpuMillisecondsPerSecond: 150 }),
    figures('doubled', { daemonCpuMillisecondsPerSecond: 200 }),
  ],
  lossWei: 5n,
  sponsoredWei: 5n,
  thiefCostliness: [1.2, 1.9],
  wronglyBlamed: [],
}

const broken = (evidence: Partial<Evidence>): readonly string[] =>
  judge({ ...peaceful, ...evidence })
    .filter(({ kept }) => !kept)
    .map(({ promise }) => promise)

const hostile = (changes: Partial<PhaseFigures>): Partial<Evidence> => ({
  phases: [peaceful.phases[0], { ...peaceful.phases[1], ...changes }, peaceful.phases[2]],
})

describe('what the house promises', () => {
  it('is kept while all lands once, in time, and nobody pays for strangers', () => {
    expect(broken({})).toEqual([])
  })

  it.each([
    ['an honest operation that does not land', hostile({ landed: 3 }), 'lands once'],
    ['one that lands twice', hostile({ landedTwice: 1 }), 'lands once'],
    ['one that reverts', hostile({ reverted: 1 }), 'lands once'],
    ['one that is refused', hostile({ refusals: ['no'] }), 'lands once'],
    ['waiting three times as long for an answer', hostile({ acceptMilliseconds: [61] }), 'p95 of accept'],
    ['waiting three times as long for a block', hostile({ landedSeconds: [6.1] }), 'p95 of landing'],
    ['a loss that no policy pays for', { lossWei: 6n }, 'the operator loses'],
    ['a thief who is paid double', { thiefCostliness: [2] }, 'a thief has signed'],
    ['a ban of the innocent', { wronglyBlamed: ['0x01'] }, 'throttled or banned'],
    [
      'more than twice the work',
      hostile({ daemonCpuMillisecondsPerSecond: 140 }),
      'costs no more than twice',
    ],
  ] as const)('is broken by %s', (_, evidence, promise) => {
    expect(broken(evidence as Partial<Evidence>)).toEqual([expect.stringContaining(promise)])
  })
})
