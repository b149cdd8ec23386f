// Finds the leases of this provider. What is final is looked through once; what a reorg may still give to another is looked
// through at each head.
import type { LeaseBook } from './leaseBook.ts'
import type { LeaseReader } from './readLeases.ts'
import { isClosed } from './situation.ts'

type FoundLease = { readonly leaseId: bigint; readonly fromBlock: bigint }

export type LeaseSearch = { look(headBlock: bigint): Promise<void> }

/** A reorg may put a lease into an earlier block than the one it was seen in. */
const marginBlocks = 64n

export function createLeaseSearch(options: {
  readonly reader: LeaseReader
  readonly book: LeaseBook
  readonly finalityBlocks: number
  /** Blocks in which a lease can be accepted: it was opened no longer than that before its deadline. */
  readonly acceptBlocks: number
}): LeaseSearch {
  const { reader, book, finalityBlocks, acceptBlocks } = options

  /** Undefined: it was over long ago, so there is nothing to do for it. */
  async function foundAt(leaseId: bigint, headBlock: bigint): Promise<FoundLease | undefined> {
    const lease = await reader.read(leaseId, headBlock)
    if (lease !== undefined && isClosed(lease.state)) {
      const before = await reader.read(leaseId, finalBlockOf(headBlock))
      if (before !== undefined && isClosed(before.state)) return undefined
    }
    // Of a lease that is locked, the chain says when it was opened; of any other only that it was before now.
    if (lease?.state !== 'locked' || lease.deadlineBlock === undefined) return { leaseId, fromBlock: 0n }
    const opened = lease.deadlineBlock - BigInt(acceptBlocks) - marginBlocks
    return { leaseId, fromBlock: opened > 0n ? opened : 0n }
  }

  function finalBlockOf(headBlock: bigint): bigint {
    const final = headBlock - BigInt(finalityBlocks)
    return final > 0n ? final : 0n
  }

  return {
    async look(headBlock) {
      const to = await reader.count(headBlock)
      const finalCount = await reader.count(finalBlockOf(headBlock))
      const mine = await reader.mine({ from: book.nextLeaseId(), to }, headBlock)
      const fresh = mine.filter(leaseId => !book.ids().includes(leaseId))
      const found = await Promise.all(fresh.map(leaseId => foundAt(leaseId, headBlock)))
      const next = finalCount + 1n
      await book.found(
        found.filter(lease => lease !== undefined),
        next > book.nextLeaseId() ? next : book.nextLeaseId(),
      )
    },
  }
}
