// The arithmetic of ERC-7562's reputation: what two counters say of an entity, and how they fade.

export type Counters = { readonly opsSeen: number; readonly opsIncluded: number }

export type ReputationStatus = 'ok' | 'throttled' | 'banned'

// ERC-7562 "Constants", for bundlers.
const minInclusionRateDenominator = 10
const banOpsSeenPenalty = 10_000

/** How many operations may stay away before an entity is throttled, or banned. */
export type ReputationSlacks = { readonly throttling: number; readonly ban: number }

/** ERC-7562 THROTTLING_SLACK, BAN_SLACK */
export const defaultReputationSlacks: ReputationSlacks = { throttling: 10, ban: 50 }

export const noCounters: Counters = { opsSeen: 0, opsIncluded: 0 }

/** Of an entity that failed a bundle after it had passed second validation. ERC-7562 [GREP-040] */
export const crashedCounters: Counters = { opsSeen: banOpsSeenPenalty, opsIncluded: 0 }

/** Of three spoilt bundles in a short time one is kept out; a single one is no more than an accident. */
const spoiltBundlePenalty = 170

/**
 * ERC-7562 gives an unstaked account no reputation, yet each bundle that it makes fail costs the bundler gas: our own
 * caution, by the same arithmetic.
 */
export function spoiltCounters({ opsSeen, opsIncluded }: Counters): Counters {
  return { opsSeen: opsSeen + spoiltBundlePenalty, opsIncluded }
}

/** ERC-7562 "Reputation Calculation". */
export function statusFrom(
  { opsSeen, opsIncluded }: Counters,
  slacks: ReputationSlacks = defaultReputationSlacks,
): ReputationStatus {
  const maxSeen = Math.floor(opsSeen / minInclusionRateDenominator)
  if (maxSeen > opsIncluded + slacks.ban) return 'banned'
  if (maxSeen > opsIncluded + slacks.throttling) return 'throttled'
  return 'ok'
}

/** The fewest opsSeen with which this entity is throttled, until more of its operations land. ERC-7562 [EREP-070] */
export function throttledCounters({ opsSeen, opsIncluded }: Counters, slacks: ReputationSlacks): Counters {
  const least = (opsIncluded + slacks.throttling + 1) * minInclusionRateDenominator
  return { opsSeen: Math.max(opsSeen, least), opsIncluded }
}

/** ERC-7562 "Reputation Definitions" 3: both lose a 24th part every hour, rounded down. */
export function faded(counters: Counters, hours: number): Counters {
  let { opsSeen, opsIncluded } = counters
  for (let hour = 0; hour < hours && (opsSeen > 0 || opsIncluded > 0); hour++) {
    opsSeen = Math.floor((opsSeen * 23) / 24)
    opsIncluded = Math.floor((opsIncluded * 23) / 24)
  }
  return { opsSeen, opsIncluded }
}
