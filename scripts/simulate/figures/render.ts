// The figures as a person reads them.
import type { Scenario } from '../scenario.ts'
import type { Figures, GroupFigures, Spread } from './figures.ts'

export function renderFigures(figures: Figures, scenario: Scenario): string {
  const { operations, gas, windows, promises, equivocations, honest, reorgs } = figures
  const { windowBlocks, fallbackBlocks, graceBlocks } = scenario.calibration.terms
  const rows: readonly (readonly [string, string])[] = [
    [
      'bundlers, blocks, seed',
      `${scenario.bundlers}, ${scenario.blocks}, ${scenario.seed} (window ${windowBlocks}, fallback ${fallbackBlocks}, grace ${graceBlocks})`,
    ],
    [
      'operations',
      `${operations.landed} of ${operations.accepted} landed; lost ${operations.lost}; landed twice ${operations.landedTwice}`,
    ],
    ['gas', `${gas.usedGas}, wasted ${gas.wastedPercent} %; ${gas.operationsPerBundle} operations a bundle`],
    [
      'transactions per operation that',
      `reverted ${gas.revertedPerOperation}, landed nothing ${gas.nothingPerOperation}, gave a nonce back ${gas.cancelledPerOperation}`,
    ],
    ['inclusion, blocks', spread(figures.inclusionBlocks)],
    [
      'inclusion, seconds',
      `${spread(figures.inclusionSeconds)}; p95 is ${figures.inclusionMeanBlocks} mean blocks`,
    ],
    ...Object.entries(figures.inclusionByRank).map(
      ([rank, one]) => [`  by rank ${rank}, blocks`, `${spread(one)}; ${one.count} operations`] as const,
    ),
    ['windows', `${windows.led} led, ${windows.hadWork} with work, ${windows.missed} missed`],
    [
      'promises',
      `${promises.kept} kept, ${promises.late} late, ${promises.broken} broken; heard after ${spread(promises.waitSeconds)} s`,
    ],
    [
      'equivocations',
      `${equivocations.signed} signed, ${equivocations.provable} provable, ${equivocations.fined} fined`,
    ],
    ['honest bundlers', `${honest.strikes} strikes, ${honest.fines} fines`],
    ['reorgs', `${reorgs.count}, deepest ${reorgs.deepestBlocks} blocks`],
  ]
  const width = Math.max(...rows.map(([title]) => title.length))
  return [
    ...rows.map(([title, text]) => `${title.padEnd(width)}  ${text}`),
    '',
    ...renderGroups(figures.groups),
  ].join('\n')
}

function spread({ p50, p95, p99, max }: Spread): string {
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, most ${max}`
}

const columns: readonly (readonly [string, (group: GroupFigures) => string | number])[] = [
  ['behaviour', group => group.behaviour],
  ['bundlers', group => group.bundlers],
  ['stake %', group => group.stakePercent],
  ['landed %', group => group.landedPercent],
  ['income', group => Math.round(group.incomeGwei)],
  ['refund', group => Math.round(group.refundGwei)],
  ['gas', group => Math.round(group.gasGwei)],
  ['of it idle', group => Math.round(group.idleGasGwei)],
  ['tips', group => Math.round(group.tipGwei)],
  ['strikes', group => Math.round(group.strikeGwei)],
  ['fines', group => Math.round(group.fineGwei)],
  ['struck', group => group.strikes],
  ['fined', group => group.fines],
]

/** Gwei are of one bundler. */
function renderGroups(groups: readonly GroupFigures[]): readonly string[] {
  const table = [
    columns.map(([title]) => title),
    ...groups.map(group => columns.map(([, read]) => String(read(group)))),
  ]
  const widths = columns.map((_, column) => Math.max(...table.map(row => (row[column] ?? '').length)))
  return [
    'A bundler each, in gwei:',
    ...table.map(row => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')),
  ]
}
