// The hash of a chain's first block, by which two chains of one chain ID are told apart.
import type { Hash, PublicClient } from 'viem'

export async function readGenesisHash(client: PublicClient): Promise<Hash> {
  return (await client.getBlock({ blockNumber: 0n })).hash
}
