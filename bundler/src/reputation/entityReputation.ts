// The reputation of entities as one mempool keeps it, or several together: what stages ask and report.
import type { Address } from 'viem'
import type { Counters, ReputationStatus } from './counters.ts'

export type ReputationEntry = Counters & { readonly address: Address }

export type EntityReputation = {
  statusOf(address: Address): ReputationStatus
  entryOf(address: Address): ReputationEntry
  /** A valid operation naming these entities came in: opsSeen + 1 each. */
  seen(entities: readonly Address[]): void
  /** Such an operation landed: opsIncluded + 1 each. */
  included(entities: readonly Address[]): void
  /** Takes one opsSeen back. ERC-7562 [EREP-015], [GREP-050] */
  forget(entities: readonly Address[]): void
  /** It passed second validation and yet failed a bundle: banned. ERC-7562 [GREP-040], [EREP-055] */
  crashed(entity: Address): void
  /** An unstaked account made a bundle fail: throttled, and banned if it goes on. */
  spoilt(sender: Address): void
  /** It behaved otherwise when it was bundled than when it was accepted: throttled. ERC-7562 [EREP-070] */
  dodged(entity: Address): void
}

const severity: Readonly<Record<ReputationStatus, number>> = { ok: 0, throttled: 1, banned: 2 }

export function worse(one: ReputationStatus, other: ReputationStatus): ReputationStatus {
  return severity[one] >= severity[other] ? one : other
}

/** ERC-7562 [ALT-040] Banned in one pool, an entity may still be active in another: the best counts. */
export function together(pools: readonly EntityReputation[]): EntityReputation {
  const all = (report: (pool: EntityReputation) => void): void => pools.forEach(report)
  return {
    statusOf: address =>
      pools
        .map(pool => pool.statusOf(address))
        .reduce((best, next) => (worse(best, next) === best ? next : best), 'banned'),
    entryOf: address =>
      pools
        .map(pool => pool.entryOf(address))
        .reduce((best, next) => (next.opsIncluded > best.opsIncluded ? next : best)),
    seen: entities => all(pool => pool.seen(entities)),
    included: entities => all(pool => pool.included(entities)),
    forget: entities => all(pool => pool.forget(entities)),
    crashed: entity => all(pool => pool.crashed(entity)),
    spoilt: sender => all(pool => pool.spoilt(sender)),
    dodged: entity => all(pool => pool.dodged(entity)),
  }
}
