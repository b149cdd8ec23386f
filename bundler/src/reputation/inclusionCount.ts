// Which counters an operation's landing moves, in whichever mempools keep them.
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { recordedEntities } from './recordedEntities.ts'

export type InclusionCount = {
  readonly validated: Pick<ValidatedOperation, 'entities' | 'mempools'>
  /** Landed, or taken out again by a reorg. */
  readonly by: 1 | -1
}

/** By the counters' keys: an address, or mempool/address. ERC-7562 [AREP-010] The pool itself counts like an entity. */
export function inclusionChanges(counts: readonly InclusionCount[]): ReadonlyMap<string, number> {
  const changes = new Map<string, number>()
  for (const { validated, by } of counts) {
    // An operation whose sender is its own paymaster counts once.
    const addresses = new Set(recordedEntities(validated).map(address => address.toLowerCase()))
    const keys =
      validated.mempools === undefined
        ? [...addresses]
        : validated.mempools.flatMap(mempool => ['', ...addresses].map(key => `${mempool}/${key}`))
    for (const key of keys) changes.set(key, (changes.get(key) ?? 0) + by)
  }
  return changes
}
