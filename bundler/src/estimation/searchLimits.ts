// The least limits with which an operation runs as it did with plenty. Nearly always those that it was measured to need,
// which one more run confirms. Only code that looks at the gas it has left takes a search.
import type { GasLimits } from './gasLimits.ts'
import { largest } from './largest.ts'

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
/** What is searched for is found to within some 3 %. */
const searchFineness = 32n
/** Another run is worth the hundredth of a limit that it saves. */
const measureFineness = 100n

/** `suffice` is false when no trial did; `limits` are then the last that were tried. */
export async function searchLimits(
  measured: GasLimits,
  tryLimits: (limits: GasLimits) => Promise<LimitTrial>,
): Promise<{ limits: GasLimits; suffice: boolean }> {
  const tooLow = new Map<LimitName, bigint>()
  let enough: Enough | undefined
  let limits = measured
  for (let trials = 1; trials <= mostTrials; trials++) {
    const trial = await tryLimits(limits)
    if (trial.suffices) enough = { limits, measured: trial.measured }
    else tooLow.set(trial.tight, limits[trial.tight])
    if (enough !== undefined) {
      const next = lowered(enough, tooLow)
      if (next === undefined) break
      limits = next
    } else if (!trial.suffices) limits = raised(limits, trial.tight, trials)
  }
  if (enough === undefined) return { limits: withRoom(limits, tooLow), suffice: false }
  const found = withRoom(enough.limits, tooLow)
  if (tooLow.size === 0 || (await tryLimits(found)).suffices) return { limits: found, suffice: true }
  // More gas is a greater prefund, for which a deposit may do no longer: then the account pays, as it did with plenty.
  const verificationGasLimit = largest([found.verificationGasLimit, measured.verificationGasLimit])
  return { limits: { ...found, verificationGasLimit }, suffice: true }
}

/** A search ends at the brink: what it found is not to fail by the first gas more that is needed. */
function withRoom(limits: GasLimits, tooLow: ReadonlyMap<LimitName, bigint>): GasLimits {
  const searched = [...tooLow.keys()].map(
    name => [name, limits[name] + limits[name] / searchFineness] as const,
  )
  return { ...limits, ...Object.fromEntries(searched) }
}

type Enough = { readonly limits: GasLimits; readonly measured: GasLimits }

/** A little more at first, then soon much more. */
function raised(limits: GasLimits, tight: LimitName, trials: number): GasLimits {
  const gas = limits[tight]
  const step = gas / 16n > 2_000n ? gas / 16n : 2_000n
  return { ...limits, [tight]: gas + step * 2n ** BigInt(Math.min(trials, 7) - 1) }
}

/** What may suffice as well; undefined when it would be hardly less. */
function lowered(
  { limits, measured }: Enough,
  tooLow: ReadonlyMap<LimitName, bigint>,
): GasLimits | undefined {
  for (const name of limitNames) {
    const given = limits[name]
    const floor = tooLow.get(name)
    if (floor !== undefined && given - floor > given / searchFineness) {
      return { ...limits, [name]: (given + floor) / 2n }
    }
    if (floor === undefined && given - measured[name] > given / measureFineness) {
      return { ...limits, [name]: measured[name] }
    }
  }
  return undefined
}
