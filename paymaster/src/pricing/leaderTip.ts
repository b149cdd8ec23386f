// The tip that the contract gives for a sponsored operation to the bundler whose turn it is: the chain's word, read at the
// start, when an event tells of another, after a reorg, and whenever the books are compared.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address, PublicClient } from 'viem'

export type LeaderTip = {
  /** Most native wei that the deposit pays for an operation beside its gas; 0 while there are no tips. */
  wei(): bigint
  /** Gas of postOp that a sponsored operation is signed for: what makes it carry a tip. Undefined while there are none. */
  postOpGas(): bigint | undefined
  /** Reads it anew. An outage leaves it as it is. */
  refresh(): Promise<void>
}

export type LeaderTipOnChain = { readonly registry: Address; readonly tipWei: bigint }

export async function readLeaderTip(client: PublicClient, paymaster: Address): Promise<LeaderTipOnChain> {
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  const [registry, tipWei] = await client.readContract({ ...contract, functionName: 'leaderTip' })
  return { registry, tipWei }
}

export async function createLeaderTip(options: {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly postOpGas: bigint
  readonly logger: Logger
}): Promise<LeaderTip> {
  const { client, paymaster, postOpGas, logger } = options
  let known = await readLeaderTip(client, paymaster)

  return {
    wei: () => known.tipWei,
    postOpGas: () => (known.tipWei === 0n ? undefined : postOpGas),
    async refresh() {
      try {
        const read = await readLeaderTip(client, paymaster)
        if (read.tipWei !== known.tipWei || read.registry !== known.registry) {
          logger.info(
            { registry: read.registry, tipWei: String(read.tipWei), beforeWei: String(known.tipWei) },
            'the tip for bundlers in turn has changed',
          )
        }
        known = read
      } catch (error) {
        logger.warn({ error }, 'the tip for bundlers in turn could not be read: the one known before stands')
      }
    },
  }
}
