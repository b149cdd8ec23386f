// Prints a gateway's figures: a column per concurrency, and one per pace.
import { layOut, type Row, renderRefusals } from '../layOut.ts'
import { medianAndRange } from '../statistics.ts'
import type { GatewayFigures, GatewayStageFigures } from './measureGateway.ts'

const stageRows: readonly (readonly [string, (stage: GatewayStageFigures) => number])[] = [
  ['answer p50, ms', stage => stage.answerMilliseconds.p50],
  ['answer p95, ms', stage => stage.answerMilliseconds.p95],
  ['answer p99, ms', stage => stage.answerMilliseconds.p99],
  ['requests/s', stage => stage.servedPerSecond],
  ['CPU of the gateway per request, ms', stage => stage.cpuMillisecondsPerRequest.gateway],
  ['CPU of the worker per request, ms', stage => stage.cpuMillisecondsPerRequest.worker],
  ['CPU of the clients per request, ms', stage => stage.cpuMillisecondsPerRequest.clients],
]

export function renderGatewayTable(runs: readonly GatewayFigures[]): string {
  const first = runs[0]?.stages ?? []
  const columns = first.map((_, index) => runs.flatMap(run => run.stages[index] ?? []))
  const sum = (stages: readonly GatewayStageFigures[], key: 'served' | 'requests'): number =>
    stages.reduce((total, stage) => total + stage[key], 0)
  const title = ({ concurrency, pacePerSecond }: GatewayStageFigures): string =>
    pacePerSecond === undefined ? String(concurrency) : `${concurrency} at ${pacePerSecond}/s`
  const head: Row = ['clients', ...first.map(title)]
  const counts: Row = [
    'served / asked',
    ...columns.map(column => `${sum(column, 'served')} / ${sum(column, 'requests')}`),
  ]
  const body = stageRows.map(
    ([title, read]): Row => [title, ...columns.map(column => medianAndRange(column.map(read)))],
  )
  const redeemed = runs.map(({ redemption }) => redemption)
  const whole: Row[] = [
    ['start-up, ms', medianAndRange(runs.map(run => run.startMilliseconds))],
    ['first request, a worker is started, ms', medianAndRange(runs.map(run => run.coldMilliseconds))],
    ['memory after load, worker included, MiB', medianAndRange(runs.map(run => run.loadedMebibytes))],
    ['requests redeemed together', medianAndRange(redeemed.map(({ requests }) => requests))],
    ['transactions for it', medianAndRange(redeemed.map(({ transactions }) => transactions))],
    ['gas for each request', medianAndRange(redeemed.map(({ gas, requests }) => gas / requests))],
  ]
  const footer = runs.length > 1 ? [`medians of ${runs.length} runs, ranges in brackets`] : []
  const refusals = renderRefusals(runs.flatMap(run => run.stages))
  return [...layOut([head, counts, ...body]), '', ...layOut(whole), ...footer, ...refusals].join('\n')
}
