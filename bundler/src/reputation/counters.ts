// The arithmetic of ERC-7562's reputation: what two counters say of an entity, and how they fade.

export type Counters = { readonly opsSeen: number; readonly opsIncluded: number }

export type ReputationStatus = 'ok' | 'throttled' | 'banned'

// ERC-7562 "Constants", for bundlers.
const minInclusionRateDenominator = 10
const throttlingSlack = 10
const banSlack = 50
const banOpsSeenPenalty = 10_000

export const noCounters: Counters = { opsSeen: 0, opsIncluded: 0 }

/** Of an entity that failed a bundle after it had passed second validation. ERC-7562 [GREP-040] */
export const crashedCounters: Counters = { opsSeen: banOpsSeenPenalty, opsIncluded: 0 }

/** ERC-7562 "Reputation Calculation". */
export function statusFrom({ opsSeen, opsIncluded }: Counters): ReputationStatus {
  const maxSeen = Math.floor(opsSeen / minInclusionRateDenominator)
  if (maxSeen > opsIncluded + banSlack) return 'banned'
  if (maxSeen > opsIncluded + throttlingSlack) return 'throttled'
  return 'ok'
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
