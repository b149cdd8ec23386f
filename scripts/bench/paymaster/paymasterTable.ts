// Prints a paymaster's figures: a table per mode, a column per concurrency and per pace.
import { layOut, type Row, renderRefusals } from '../layOut.ts'
import { medianAndRange } from '../statistics.ts'
import {
  type MeasuredMode,
  measuredModes,
  type PaymasterFigures,
  type PaymasterStage,
} from './measurePaymaster.ts'

const titles = { sponsor: 'sponsored', token: 'paid in the token' } as const

const stageRows: readonly (readonly [string, (stage: PaymasterStage) => number])[] = [
  ['answer p50, ms', stage => stage.answerMilliseconds.p50],
  ['answer p95, ms', stage => stage.answerMilliseconds.p95],
  ['answer p99, ms', stage => stage.answerMilliseconds.p99],
  ['signatures/s', stage => stage.signedPerSecond],
  ['CPU of the paymaster per signature, ms', stage => stage.cpuMillisecondsPerSignature.paymaster],
  ['CPU of the node per signature, ms', stage => stage.cpuMillisecondsPerSignature.node],
  ['CPU of the clients per signature, ms', stage => stage.cpuMillisecondsPerSignature.clients],
]

/** The first line of a table. */
export function headOf(mode: MeasuredMode, stages: readonly PaymasterStage[]): Row {
  return [
    `clients (${titles[mode]})`,
    ...stages.map(({ concurrency, pacePerSecond }) =>
      pacePerSecond === undefined ? String(concurrency) : `${concurrency} at ${pacePerSecond}/s`,
    ),
  ]
}

export function renderPaymasterTable(runs: readonly PaymasterFigures[]): string {
  const tables = measuredModes.map(mode => {
    const stages = runs.map(run => run.stages.filter(stage => stage.mode === mode))
    const columns = (stages[0] ?? []).map((_, index) => stages.flatMap(run => run[index] ?? []))
    const head = headOf(mode, stages[0] ?? [])
    const counts: Row = [
      'signed / asked',
      ...columns.map(column => `${sum(column, 'signed')} / ${sum(column, 'requests')}`),
    ]
    const body = stageRows.map(
      ([title, read]): Row => [title, ...columns.map(column => medianAndRange(column.map(read)))],
    )
    return layOut([head, counts, ...body]).join('\n')
  })
  const whole: Row[] = [
    ['start-up, ms', medianAndRange(runs.map(run => run.startMilliseconds))],
    ['memory after load, MiB', medianAndRange(runs.map(run => run.loadedMebibytes))],
  ]
  const footer = runs.length > 1 ? [`medians of ${runs.length} runs, ranges in brackets`] : []
  const refusals = renderRefusals(runs.flatMap(run => run.stages))
  return [tables.join('\n\n'), '', ...layOut(whole), ...footer, ...refusals].join('\n')
}

function sum(stages: readonly PaymasterStage[], key: 'signed' | 'requests'): number {
  return stages.reduce((total, stage) => total + stage[key], 0)
}
