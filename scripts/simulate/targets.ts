// What bundlers are held to, at each size of their network: a row for each promise of it, and whether it was kept.
import { layOut } from '../bench/layOut.ts'
import type { Figures, GroupFigures } from './figures/figures.ts'
import type { Behaviour } from './scenario.ts'
import { everybodyHonest, type Misbehaviour, type Scenario } from './scenario.ts'
import { simulate } from './simulation.ts'

export const networkSizes = [3, 10, 100, 1_000] as const

type Target = {
  readonly name: string
  /** How many of so many misbehave, and how. */
  readonly counts: (bundlers: number) => Partial<Record<Misbehaviour, number>>
  /**
   * What it came to, in words, and whether that will do. `honest` is the run of the same size in which all are, `all` are
   * the runs of that size that were made for the targets before it.
   */
  readonly judge: (
    figures: Figures,
    honest: Figures,
    all: readonly Figures[],
  ) => { readonly says: string; readonly isMet: boolean }
}

const nobody = () => ({})
const aTenth = (bundlers: number): number => Math.round(bundlers / 10)

const targets: readonly Target[] = [
  {
    name: 'honest: lost or landed twice: none',
    counts: nobody,
    judge: ({ operations: { lost, landedTwice, accepted } }) => ({
      says: `${lost + landedTwice} of ${accepted}`,
      isMet: lost + landedTwice === 0,
    }),
  },
  {
    name: 'honest: wasted gas < 2 %',
    counts: nobody,
    judge: ({ gas }) => ({ says: `${gas.wastedPercent} %`, isMet: gas.wastedPercent < 2 }),
  },
  {
    name: 'honest: inclusion p95 ≤ 6 mean blocks',
    counts: nobody,
    judge: ({ inclusionMeanBlocks }) => ({ says: `${inclusionMeanBlocks}`, isMet: inclusionMeanBlocks <= 6 }),
  },
  {
    name: 'a tenth die: wasted gas < 5 %',
    counts: bundlers => ({ dying: aTenth(bundlers) }),
    judge: ({ gas }) => ({ says: `${gas.wastedPercent} %`, isMet: gas.wastedPercent < 5 }),
  },
  {
    name: 'a tenth die: inclusion p95 ≤ 6 mean blocks',
    counts: bundlers => ({ dying: aTenth(bundlers) }),
    judge: ({ inclusionMeanBlocks }) => ({ says: `${inclusionMeanBlocks}`, isMet: inclusionMeanBlocks <= 6 }),
  },
  {
    name: 'one greedy: earns at most its honest share',
    counts: () => ({ greedy: 1 }),
    judge: (figures, honest) => shareOf('greedy', figures, honest),
  },
  {
    name: 'one sly: earns at most its honest share',
    counts: () => ({ sly: 1 }),
    judge: (figures, honest) => shareOf('sly', figures, honest),
  },
  {
    name: 'one outsider: earns at most an honest share',
    counts: () => ({ outsider: 1 }),
    judge: (figures, honest) => shareOf('outsider', figures, honest),
  },
  {
    name: 'one equivocates: fined for each pair',
    counts: () => ({ equivocating: 1 }),
    judge: ({ equivocations: { signed, fined } }) => ({
      says: `${fined} of ${signed}`,
      isMet: fined === signed,
    }),
  },
  {
    name: 'a tenth keep to themselves what they promise: fined for each',
    counts: bundlers => ({ withholding: Math.max(1, aTenth(bundlers)) }),
    judge: figures => {
      const { fines } = groupOf('withholding', figures)
      return { says: `${fines} of ${figures.promises.broken}`, isMet: fines === figures.promises.broken }
    },
  },
  {
    name: 'honest ones struck or fined in all of these: none',
    counts: nobody,
    judge: (_figures, _honest, all) => {
      const marks = all.reduce((sum, { honest }) => sum + honest.strikes + honest.fines, 0)
      return { says: `${marks}`, isMet: marks === 0 }
    },
  },
]

/** Nobody can be held to these: what neither strikes nor offers reach, and what is not there. */
const beyondReach: readonly Target[] = [
  {
    name: 'a sly one that foresees what lands nothing: times its honest share',
    counts: () => ({ sly: 1 }),
    judge: (figures, honest) => ({ ...shareOf('sly', figures, honest, foreseen), isMet: true }),
  },
  {
    name: 'an outsider that does: times an honest share',
    counts: () => ({ outsider: 1 }),
    judge: (figures, honest) => ({ ...shareOf('outsider', figures, honest, foreseen), isMet: true }),
  },
  {
    name: 'four in ten away: inclusion p95, mean blocks',
    counts: bundlers => ({ offline: Math.floor(0.4 * bundlers) }),
    judge: ({ inclusionMeanBlocks }) => ({ says: `${inclusionMeanBlocks}`, isMet: true }),
  },
]

function groupOf(behaviour: Behaviour, { groups }: Figures): GroupFigures {
  const group = groups.find(one => one.behaviour === behaviour)
  if (group === undefined) throw new Error(`Nobody is ${behaviour}`)
  return group
}

const foreseen = ({ incomeGwei, idleGasGwei }: GroupFigures): number => incomeGwei + idleGasGwei

function shareOf(
  behaviour: Behaviour,
  figures: Figures,
  honest: Figures,
  earned = ({ incomeGwei }: GroupFigures): number => incomeGwei,
) {
  const share = earned(groupOf(behaviour, figures)) / groupOf('honest', honest).incomeGwei
  return { says: `${Math.round(share * 10) / 10}`, isMet: share <= 1 }
}

/** A table of all sizes, and whether every target is met; the same run is not made twice. */
export async function measureTargets(
  scenario: Scenario,
  say: (line: string) => void,
): Promise<{ readonly table: string; readonly isMet: boolean }> {
  const runs = new Map<string, { readonly bundlers: number; readonly figures: Figures }>()
  async function run(bundlers: number, counts: ReturnType<Target['counts']>): Promise<Figures> {
    const key = JSON.stringify([bundlers, counts])
    const known = runs.get(key)
    if (known !== undefined) return known.figures
    say(`${bundlers} bundlers ${JSON.stringify(counts)}`)
    const figures = await simulate({ ...scenario, bundlers, counts: { ...everybodyHonest, ...counts } })
    runs.set(key, { bundlers, figures })
    return figures
  }

  let isMet = true
  async function rowOf({ name, counts, judge }: Target): Promise<readonly [string, ...string[]]> {
    const cells: string[] = []
    for (const bundlers of networkSizes) {
      const figures = await run(bundlers, counts(bundlers))
      const honest = await run(bundlers, {})
      const all = [...runs.values()].filter(one => one.bundlers === bundlers).map(one => one.figures)
      const verdict = judge(figures, honest, all)
      if (!verdict.isMet) isMet = false
      cells.push(verdict.isMet ? verdict.says : `${verdict.says} MISSED`)
    }
    return [name, ...cells]
  }

  const head = ['bundlers', ...networkSizes.map(String)] as const
  const [held, open] = [[], []] as [(readonly [string, ...string[]])[], (readonly [string, ...string[]])[]]
  for (const target of targets) held.push(await rowOf(target))
  for (const target of beyondReach) open.push(await rowOf(target))
  return {
    table: [...layOut([head, ...held, ['held to nothing:', '', '', '', ''], ...open])].join('\n'),
    isMet,
  }
}
