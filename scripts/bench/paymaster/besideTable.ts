// Prints the figures of two paymasters that were measured in turns, and how many times those of the second the first's are.
import { layOut, type Row } from '../layOut.ts'
import { medianAndRange } from '../statistics.ts'
import { measuredModes, type PaymasterFigures, type PaymasterStage } from './measurePaymaster.ts'
import { headOf, renderPaymasterTable } from './paymasterTable.ts'

export type Pair<Figures> = { readonly measured: Figures; readonly beside: Figures }

/** Of one run both, so that a machine that is slow meanwhile is slow for both. */
const ratioRows: readonly (readonly [string, (stage: PaymasterStage) => number])[] = [
  ['signatures/s', stage => stage.signedPerSecond],
  ['answer p50', stage => stage.answerMilliseconds.p50],
  ['answer p99', stage => stage.answerMilliseconds.p99],
  ['CPU of the paymaster per signature', stage => stage.cpuMillisecondsPerSignature.paymaster],
]

export function renderPaymastersBeside(runs: readonly Pair<PaymasterFigures>[]): string {
  return [
    renderPaymasterTable(runs.map(({ measured }) => measured)),
    ...['', 'beside it:', '', renderPaymasterTable(runs.map(({ beside }) => beside))],
    ...['', 'the first by the one beside it, of each run:', ''],
    measuredModes.map(mode => renderRatios(mode, runs)).join('\n\n'),
  ].join('\n')
}

function renderRatios(mode: (typeof measuredModes)[number], runs: readonly Pair<PaymasterFigures>[]): string {
  const ofMode = ({ stages }: PaymasterFigures) => stages.filter(stage => stage.mode === mode)
  const pairs = runs.map(({ measured, beside }) => ({ measured: ofMode(measured), beside: ofMode(beside) }))
  const first = pairs[0]?.measured ?? []
  const body = ratioRows.map(
    ([title, read]): Row => [
      title,
      ...first.map((_, index) =>
        medianAndRange(pairs.map(({ measured, beside }) => ratioOf(read, measured[index], beside[index]))),
      ),
    ],
  )
  return layOut([headOf(mode, first), ...body]).join('\n')
}

function ratioOf(
  read: (stage: PaymasterStage) => number,
  measured: PaymasterStage | undefined,
  beside: PaymasterStage | undefined,
): number | undefined {
  return measured && beside && read(measured) / read(beside)
}
