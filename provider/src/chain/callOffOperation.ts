// Puts an operation that does nothing in the place of one that nobody wants any more, while it waits at its bundler: same
// nonce, so that one of both lands at the most. What is in a bundle already may land all the same.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import type { Hex } from 'viem'

/** Of both fees: a tenth more is what bundlers ask for. */
const raised = (wei: bigint): bigint => (wei * 9n) / 8n + 1n

/** The hash of what stands in its place now. Throws where the bundler takes no other. */
export async function callOffOperation(
  compute: ComputeClient,
  { hash, contracts }: { readonly hash: Hex; readonly contracts: ComputeContracts },
): Promise<Hex> {
  const { nonce, maxFeePerGas, maxPriorityFeePerGas } = (await compute.getUserOperation({ hash }))
    .userOperation
  return await sendBatch(compute, {
    ...{ contracts, calls: [], nonce },
    maxFeePerGas: raised(maxFeePerGas),
    maxPriorityFeePerGas: raised(maxPriorityFeePerGas),
  })
}
