// What the house promises in hostile times, and whether it was kept.
import type { Address } from 'viem'
import { percentilesOf } from '../bench/statistics.ts'
import type { PhaseFigures } from './phase.ts'

export type Verdict = { readonly promise: string; readonly seen: string; readonly kept: boolean }

export type Evidence = {
  /** Quiet, hostile, twice as hostile. */
  readonly phases: readonly [PhaseFigures, PhaseFigures, PhaseFigures]
  /** Wei that the operator has less than before. */
  readonly lossWei: bigint
  /** Wei that the policies paid for, strangers' operations among them. */
  readonly sponsoredWei: bigint
  /** Cost over worth of what a thief had signed and landed itself. */
  readonly thiefCostliness: readonly number[]
  /** Honest accounts, paymaster and factory that the bundler throttles or bans. */
  readonly wronglyBlamed: readonly Address[]
}

const slowestShare = 3
const costliestShare = 2
/** A clock tick of the processor counter over some minutes, and what else a machine does. */
const measuringShare = 1.1

export function judge({ phases, ...evidence }: Evidence): readonly Verdict[] {
  const [quiet, hostile, doubled] = phases
  const total = (read: (figures: PhaseFigures) => number): number =>
    phases.reduce((sum, figures) => sum + read(figures), 0)
  const acknowledged = total(figures => figures.acknowledged)
  const landedOnce = total(figures => figures.landed - figures.landedTwice - figures.reverted)
  const refused = total(figures => figures.refusals.length)
  const extra = (figures: PhaseFigures): number =>
    figures.daemonCpuMillisecondsPerSecond - quiet.daemonCpuMillisecondsPerSecond
  const costliest = Math.max(0, ...evidence.thiefCostliness)
  return [
    {
      promise: 'every honest operation is taken and lands once',
      seen: `${landedOnce} of ${acknowledged} landed, ${refused} refused`,
      kept: acknowledged > 0 && landedOnce === acknowledged && refused === 0,
    },
    ...[hostile, doubled].flatMap(figures => [
      slower(quiet, figures, 'accept', 'ms', each => each.acceptMilliseconds),
      slower(quiet, figures, 'landing', 's', each => each.landedSeconds),
    ]),
    {
      promise: 'the operator loses no more than the policies pay for',
      seen: `${coins(evidence.lossWei)} less, ${coins(evidence.sponsoredWei)} sponsored`,
      kept: evidence.lossWei <= evidence.sponsoredWei,
    },
    {
      promise: `what a thief has signed costs less than ${costliestShare} times what it is worth`,
      seen: `${evidence.thiefCostliness.length} bundles, at most ${costliest.toFixed(2)} times`,
      kept: costliest < costliestShare,
    },
    {
      promise: 'nobody is throttled or banned who did nothing',
      seen: evidence.wronglyBlamed.join(', ') || 'nobody',
      kept: evidence.wronglyBlamed.length === 0,
    },
    {
      promise: 'twice as much hostile traffic costs no more than twice',
      seen: `${extra(hostile).toFixed(0)} and ${extra(doubled).toFixed(0)} ms of processor time a second above quiet`,
      kept: extra(doubled) <= extra(hostile) * costliestShare * measuringShare,
    },
  ]
}

function slower(
  quiet: PhaseFigures,
  figures: PhaseFigures,
  what: string,
  unit: string,
  read: (figures: PhaseFigures) => readonly number[],
): Verdict {
  const [before, now] = [percentilesOf(read(quiet)).p95, percentilesOf(read(figures)).p95]
  return {
    promise: `honest p95 of ${what} within ${slowestShare} times quiet (${figures.phase.name})`,
    seen: `${before.toFixed(1)} → ${now.toFixed(1)} ${unit}`,
    kept: now <= before * slowestShare,
  }
}

export function coins(wei: bigint): string {
  return `${(Number(wei) / 1e18).toFixed(6)} coins`
}
