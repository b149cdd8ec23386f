// What the node could not answer for, kept from stopping everything else: after an outage bundles start
// small and grow again, and an operation that goes wrong alone waits some blocks before its next try.
import type { Hash } from 'viem'

export type Setbacks = {
  /** Operations that the next bundle may hold. */
  readonly maxOperations: number
  /** A bundle was built and passed. */
  succeeded(): void
  /** The node failed, rather than refused, a bundle of these. */
  failed(hashes: readonly Hash[], head: bigint): void
  /** The node failed over this one, not over others. */
  postpone(hash: Hash, head: bigint): void
  /** What was found out about it does not count, for the chain moved: it is tried again in the block after `head`. */
  untilNextBlock(hash: Hash, head: bigint): void
  isPostponed(hash: Hash, head: bigint): boolean
  /** The chain is back at `head`: nobody waits for blocks that are gone. */
  rewind(head: bigint): void
  /** It spoils the bundle of others although it is good alone. */
  keepApart(hash: Hash): void
  isApart(hash: Hash): boolean
  /** Forgets operations that are not in the mempool any more. */
  forgetUnless(isWaiting: (hash: Hash) => boolean): void
}

const most = 1_024
const longestBlocks = 64n

export function createSetbacks(): Setbacks {
  const postponed = new Map<Hash, { readonly until: bigint; readonly blocks: bigint }>()
  const apart = new Set<Hash>()
  let maxOperations = most

  function postpone(hash: Hash, head: bigint): void {
    const before = postponed.get(hash)?.blocks ?? 0n
    const blocks = before === 0n ? 1n : before * 2n > longestBlocks ? longestBlocks : before * 2n
    postponed.set(hash, { until: head + blocks, blocks })
  }

  return {
    get maxOperations() {
      return maxOperations
    },
    succeeded() {
      maxOperations = Math.min(most, maxOperations * 2)
    },
    failed(hashes, head) {
      const [first] = hashes
      if (hashes.length === 1 && first !== undefined) postpone(first, head)
      maxOperations = Math.max(1, Math.floor(Math.min(maxOperations, hashes.length) / 2))
    },
    postpone,
    untilNextBlock(hash, head) {
      const until = head + 1n
      const before = postponed.get(hash)
      if (before === undefined || before.until < until)
        postponed.set(hash, { until, blocks: before?.blocks ?? 0n })
    },
    isPostponed: (hash, head) => (postponed.get(hash)?.until ?? 0n) > head,
    rewind(head) {
      for (const [hash, { until, blocks }] of postponed) {
        if (until > head + blocks) postponed.set(hash, { until: head + blocks, blocks })
      }
    },
    keepApart: hash => apart.add(hash),
    isApart: hash => apart.has(hash),
    forgetUnless(isWaiting) {
      for (const hash of postponed.keys()) if (!isWaiting(hash)) postponed.delete(hash)
      for (const hash of apart) if (!isWaiting(hash)) apart.delete(hash)
    },
  }
}
