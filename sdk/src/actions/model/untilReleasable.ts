// When a seller may let a key out of its hands: what is sent is public, whether it lands or not.
import type { Client } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { pollByBlocks } from '../../account/pollByBlocks.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { type GetPurchaseErrorType, getPurchase } from './getPurchase.ts'

/** A payment that is mined is confirmed long before. */
const timeoutBlocks = 120n
/** What a release may take to land. */
const landingBlocks = 30n

export type UntilReleasableErrorType = ComputeError | GetPurchaseErrorType

/**
 * Waits until the payment is as deep as the contract wants it. Throws where the key would be given away: the purchase is
 * not paid, or its buyer has asked for its money and may have it before the release lands.
 */
export async function untilReleasable(
  chainClient: Client,
  { contracts, purchaseId }: WithContracts & { readonly purchaseId: bigint },
): Promise<void> {
  await pollByBlocks(chainClient, {
    what: `The confirmation of purchase ${purchaseId}`,
    timeoutBlocks,
    look: async () => {
      // Anew each time: a reorganisation may have taken the payment back.
      const [purchase, head] = await Promise.all([
        getPurchase(chainClient, { contracts, purchaseId }),
        getBlockNumber(chainClient, { cacheTime: 0 }),
      ])
      if (purchase.state !== 'paid') {
        throw new ComputeError({
          problem: `Purchase ${purchaseId} is ${purchase.state}, not paid: its key is not sent.`,
          remedy: 'Read it again by getPurchase: the other party may have moved it on.',
        })
      }
      if (purchase.isRefundRequested && head + landingBlocks > purchase.deadlineBlock) {
        throw new ComputeError({
          problem: `The buyer of purchase ${purchaseId} asked for its money and may have it from block ${purchase.deadlineBlock + 1n}: the key could be lost to it.`,
          remedy: 'Give the money back by refundPurchase, and sell again.',
        })
      }
      return head >= purchase.releasableFromBlock ? purchase : undefined
    },
  })
}
