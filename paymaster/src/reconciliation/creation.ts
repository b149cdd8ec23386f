// In which block a contract came to be, by a node that still knows what was then.
import type { Address, PublicClient } from 'viem'

/** The first block with code at `address`; undefined where there is none at `atMost` either. Rejects as the node refuses. */
export async function findCreation(
  client: PublicClient,
  address: Address,
  atMost: bigint,
): Promise<bigint | undefined> {
  const hasCode = async (blockNumber: bigint): Promise<boolean> =>
    (await client.getCode({ address, blockNumber })) !== undefined
  if (!(await hasCode(atMost))) return undefined
  let [low, high] = [0n, atMost]
  while (low < high) {
    const middle = (low + high) / 2n
    if (await hasCode(middle)) high = middle
    else low = middle + 1n
  }
  return high
}
