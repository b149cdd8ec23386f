import { expect, it } from 'vitest'
import { renderPaymastersBeside } from './besideTable.ts'
import { measuredModes, type PaymasterFigures } from './measurePaymaster.ts'

function figures(signedPerSecond: number): PaymasterFigures {
  return {
    startMilliseconds: 1,
    loadedMebibytes: 1,
    stages: measuredModes.map(mode => ({
      ...{ mode, concurrency: 32, requests: 1, signed: 1, signedPerSecond, refusals: {} },
      answerMilliseconds: { p50: 1, p95: 1, p99: 1, max: 1 },
      cpuMillisecondsPerSignature: { paymaster: 1, node: 1, clients: 1 },
    })),
  }
}

it('tells how many times as fast one paymaster is as the other by the ratio of each run, not of the medians', () => {
  const runs = [
    { measured: figures(300), beside: figures(100) },
    { measured: figures(40), beside: figures(20) },
    { measured: figures(1_000), beside: figures(250) },
  ]
  const [, ratios = ''] = renderPaymastersBeside(runs).split('the first by the one beside it')
  expect(ratios.match(/signatures\/s .*/g)).toEqual([
    expect.stringContaining('3.00 (2.00–4.00)'),
    expect.stringContaining('3.00 (2.00–4.00)'),
  ])
})
