// The highest block taken in that the chain still has. Everything above it is to be taken from the chain anew,
// however deep that goes: a node that was killed may be back at a block of hours ago.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { PublicClient } from 'viem'
import type { InclusionStore } from './inclusionStore.ts'

/** Blocks with landings looked at together. */
const pageLength = 64

/** Zero when none of the blocks known stands. Throws when the node does not answer. */
export async function lastStanding(options: {
  client: PublicClient
  store: Pick<InclusionStore, 'blocksBelow'>
  /** Everything up to it is taken in. */
  cursor: BlockReference
  head: bigint
}): Promise<bigint> {
  const { client, store, cursor, head } = options

  async function stands({ number, hash }: BlockReference): Promise<boolean> {
    return number <= head && (await client.getBlock({ blockNumber: number })).hash === hash
  }

  if (await stands(cursor)) return cursor.number
  for (let top = head + 1n; ; ) {
    const page = await store.blocksBelow(top, pageLength)
    const lowest = page.at(-1)
    if (lowest === undefined) return 0n
    if (await stands(lowest)) return await highestStanding(page)
    // What stands on a block that is gone is gone as well.
    top = lowest.number
  }

  /** `page` from the highest to the lowest, which stands. */
  async function highestStanding(page: readonly BlockReference[]): Promise<bigint> {
    let gone = -1
    let standing = page.length - 1
    while (standing - gone > 1) {
      const middle = (gone + standing) >> 1
      if (await stands(page[middle] as BlockReference)) standing = middle
      else gone = middle
    }
    return (page[standing] as BlockReference).number
  }
}
