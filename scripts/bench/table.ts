// Prints the figures as a person compares them: a column per concurrency, then what belongs to the process.
import { layOut, type Row, renderRefusals } from './layOut.ts'
import type { RunFigures } from './runOnce.ts'
import type { StageFigures } from './stage.ts'
import { medianAndRange } from './statistics.ts'

const stageRows: readonly (readonly [string, (stage: StageFigures) => number | undefined])[] = [
  ['accept p50, ms', stage => stage.acceptMilliseconds.p50],
  ['accept p95, ms', stage => stage.acceptMilliseconds.p95],
  ['accept p99, ms', stage => stage.acceptMilliseconds.p99],
  ['accepted/s', stage => stage.acceptedPerSecond],
  ['landed/s', stage => stage.landedPerSecond],
  ['send to included p50, s', stage => stage.includedSeconds.p50],
  ['send to included p95, s', stage => stage.includedSeconds.p95],
  ['operations per bundle', stage => stage.operationsPerBundle],
  ['gas per operation', stage => stage.gasPerOperation],
  ['node RPC calls per operation', stage => stage.nodeCallsPerOperation],
  ['bundler CPU per operation, ms', stage => stage.cpuMillisecondsPerOperation],
]

const processRows: readonly (readonly [string, (run: RunFigures) => number | undefined])[] = [
  ['estimate p50, ms', run => run.estimateMilliseconds.p50],
  ['estimate p95, ms', run => run.estimateMilliseconds.p95],
  ['start-up, ms', run => run.startMilliseconds],
  ['memory idle, MiB', run => run.idleMebibytes],
  ['memory after load, MiB', run => run.loadedMebibytes],
]

export function renderTable(runs: readonly RunFigures[]): string {
  const [first] = runs
  if (first === undefined) return 'Nothing was measured.'
  const at = (index: number): StageFigures[] =>
    runs.flatMap(run => {
      const stage = run.stages[index]
      return stage === undefined ? [] : [stage]
    })
  const indices = first.stages.map((_, index) => index)
  const head: Row = ['clients', ...first.stages.map(stage => String(stage.concurrency))]
  const counts: Row = [
    'landed / accepted / sent',
    ...indices.map(index => {
      const sum = (key: 'landed' | 'accepted' | 'operations') =>
        at(index).reduce((total, stage) => total + stage[key], 0)
      return `${sum('landed')} / ${sum('accepted')} / ${sum('operations')}`
    }),
  ]
  const body: Row[] = stageRows.map(([title, read]) => [
    title,
    ...indices.map(index => medianAndRange(at(index).map(read))),
  ])
  const process: Row[] = processRows.map(([title, read]) => [title, medianAndRange(runs.map(read))])
  const footer = runs.length > 1 ? [`medians of ${runs.length} runs, ranges in brackets`] : []
  return [
    ...layOut([head, counts, ...body]),
    '',
    ...layOut(process),
    ...footer,
    ...renderRefusals(runs.flatMap(run => run.stages)),
  ].join('\n')
}
