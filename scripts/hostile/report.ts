// Prints what was seen, as a person reads it.
import { percentilesOf } from '../bench/statistics.ts'
import type { PhaseFigures } from './phase.ts'
import type { Verdict } from './verdicts.ts'

export function renderReport(phases: readonly PhaseFigures[], verdicts: readonly Verdict[]): string {
  return [
    ...phases.map(describePhase),
    '',
    ...verdicts.map(({ promise, seen, kept }) => `${kept ? 'kept  ' : 'BROKEN'}  ${promise}: ${seen}`),
  ].join('\n')
}

function describePhase(figures: PhaseFigures): string {
  const { phase, acceptMilliseconds, landedSeconds, refusals, outcomes } = figures
  const accept = percentilesOf(acceptMilliseconds)
  const landed = percentilesOf(landedSeconds)
  return [
    '',
    `${phase.name} (${phase.seconds} s, strangers ×${phase.strength})`,
    `  honest: ${figures.acknowledged} acknowledged, ${figures.landed} landed, ${refusals.length} refused`,
    `  accept p50/p95 ${accept.p50.toFixed(0)}/${accept.p95.toFixed(0)} ms, landed p50/p95 ${landed.p50.toFixed(1)}/${landed.p95.toFixed(1)} s`,
    `  daemons: ${figures.daemonCpuMillisecondsPerSecond.toFixed(0)} ms of processor time a second`,
    ...Object.entries(outcomes).map(([name, tally]) => `  ${name}: ${describeTally(tally)}`),
    ...[...new Set(refusals)].slice(0, 5).map(refusal => `  refused: ${refusal.slice(0, 200)}`),
  ].join('\n')
}

function describeTally(tally: Readonly<Record<string, number>>): string {
  return Object.entries(tally)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 6)
    .map(([outcome, times]) => `${times} × ${outcome}`)
    .join(', ')
}
