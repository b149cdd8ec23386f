// The block at which a limit is read from the chain, so that the ledger can hold it against the landings of that very
// block: an older reading would count what has landed since as still there, and free.
import type { ChainFollower } from '@worldland-aa/service/chain/chainFollower'
import type { Hash, PublicClient } from 'viem'
import type { Ledger } from '../ledger/ledger.ts'

/** A poll may have begun before the newest block: the one after it has not. */
const mostPolls = 2

/** Where settlement stands, once it has seen what the node shows: what was just paid in counts. */
export async function readSettledBlock(options: {
  readonly client: PublicClient
  readonly chain: ChainFollower
  readonly ledger: Ledger
}): Promise<Hash> {
  const { client, chain, ledger } = options
  const newest = await client.getBlockNumber({ cacheTime: 0 })
  for (let polls = 0; polls < mostPolls && chain.head().number < newest; polls++) await chain.poll()
  const position = await ledger.position()
  if (position === undefined) throw new Error('The ledger has no position yet: settlement has not started')
  return position.block.hash
}
