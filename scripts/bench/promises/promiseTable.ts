// Prints how long promises took: a column per pace.
import { layOut, type Row, renderRefusals } from '../layOut.ts'
import { medianAndRange } from '../statistics.ts'
import type { PromiseFigures, PromiseStageFigures } from './measurePromises.ts'

const stageRows: readonly (readonly [string, (stage: PromiseStageFigures) => number])[] = [
  ['send to promise p50, ms', stage => stage.promiseMilliseconds.p50],
  ['send to promise p95, ms', stage => stage.promiseMilliseconds.p95],
  ['send to promise p99, ms', stage => stage.promiseMilliseconds.p99],
  ['of that until it is taken p50, ms', stage => stage.acceptMilliseconds.p50],
  ['of that until it is taken p95, ms', stage => stage.acceptMilliseconds.p95],
  ['of that the leader signs and stores, mean, ms', stage => stage.signingMilliseconds],
  ['CPU of all bundlers per operation, ms', stage => stage.cpuMillisecondsPerOperation],
]

export function renderPromiseTable(runs: readonly PromiseFigures[]): string {
  const first = runs[0]?.stages ?? []
  const columns = first.map((_, index) => runs.flatMap(run => run.stages[index] ?? []))
  const sum = (stages: readonly PromiseStageFigures[], key: 'promised' | 'sent'): number =>
    stages.reduce((total, stage) => total + stage[key], 0)
  const head: Row = ['operations a second', ...first.map(({ perSecond }) => String(perSecond))]
  const counts: Row = [
    'promised / sent',
    ...columns.map(column => `${sum(column, 'promised')} / ${sum(column, 'sent')}`),
  ]
  const body = stageRows.map(
    ([title, read]): Row => [title, ...columns.map(column => medianAndRange(column.map(read)))],
  )
  const whole: Row[] = [
    ['bundlers', medianAndRange(runs.map(run => run.bundlers))],
    ['load of the machine', medianAndRange(runs.map(run => run.loadAverage))],
  ]
  const footer = runs.length > 1 ? [`medians of ${runs.length} runs, ranges in brackets`] : []
  const refusals = renderRefusals(runs.flatMap(run => run.stages))
  return [...layOut([head, counts, ...body]), '', ...layOut(whole), ...footer, ...refusals].join('\n')
}
