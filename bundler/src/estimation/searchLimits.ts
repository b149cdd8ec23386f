// The least limits with which an operation runs as it did with plenty. Nearly always those that it was measured to need,
// which one more run confirms. Only code that looks at the gas it has left takes a search.
import type { GasLimits } from './gasLimits.ts'

export type LimitTrial =
  /** `measured`: what the operation needed with these limits, which may be less than with more. */
  | { readonly suffices: true; readonly measured: GasLimits }
  | { readonly suffices: false; readonly tight: keyof GasLimits }

type LimitName = keyof GasLimits

const limitNames: readonly LimitName[] = [
  'verificationGasLimit',
  'callGasLimit',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
]
const mostTrials = 16
/** Limits are found to within 1/32, some 3 %. */
const fineness = 32n

/** `suffice` is false when no trial did; `limits` are then the last that were tried. */
export async function searchLimits(
  measured: GasLimits,
  tryLimits: (limits: GasLimits) => Promise<LimitTrial>,
): Promise<{ limits: GasLimits; suffice: boolean }> {
  const tooLow = new Map<LimitName, bigint>()
  let enough: { readonly limits: GasLimits; readonly measured: GasLimits } | undefined
  let limits = measured
  for (let trials = 1; ; trials++) {
    const trial = await tryLimits(limits)
    if (trial.suffices) enough = { limits, measured: trial.measured }
    else tooLow.set(trial.tight, limits[trial.tight])
    const next: GasLimits | undefined = enough
      ? lowered(enough, tooLow)
      : { ...limits, ...raised(limits, trial as LimitTrial & { suffices: false }, trials) }
    if (next === undefined || trials === mostTrials) break
    limits = next
  }
  return { limits: enough?.limits ?? limits, suffice: enough !== undefined }
}

/** A little more at first, then soon much more. */
function raised(
  limits: GasLimits,
  { tight }: LimitTrial & { suffices: false },
  trials: number,
): Partial<GasLimits> {
  const gas = limits[tight]
  const step = gas / 16n > 2_000n ? gas / 16n : 2_000n
  return { [tight]: gas + step * 2n ** BigInt(Math.min(trials, 7) - 1) }
}

/** What may suffice as well; undefined when it would be hardly less. */
function lowered(
  enough: { readonly limits: GasLimits; readonly measured: GasLimits },
  tooLow: ReadonlyMap<LimitName, bigint>,
): GasLimits | undefined {
  const { limits, measured } = enough
  for (const name of limitNames) {
    const floor = tooLow.get(name)
    const candidate = floor === undefined ? measured[name] : (limits[name] + floor) / 2n
    const gap = limits[name] - (floor ?? measured[name])
    if (gap > limits[name] / fineness) return { ...limits, [name]: candidate }
  }
  return undefined
}
