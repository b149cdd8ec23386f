// AA25 has two meanings: the nonce is used up, or it is not its turn yet. An operation that was its account's next one
// when it came in, and is not any more, follows one that a reorg took back: it waits for that one to land again.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { PublicClient } from 'viem'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

/** Throws when the node does not answer. */
export async function isAheadOfNonce(
  client: PublicClient,
  { userOperation, entryPoint }: ValidatedOperation,
  { hash: blockHash }: BlockReference,
): Promise<boolean> {
  const { sender, nonce } = userOperation
  const next = await client.readContract({
    address: entryPoint,
    abi: entryPoint07Abi,
    functionName: 'getNonce',
    args: [sender, nonce >> 64n],
    blockHash,
  })
  return nonce > next
}
