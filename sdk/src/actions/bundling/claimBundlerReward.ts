// Pays out what reports of others' faults have earned.
import { type Address, type Hash, parseEventLogs } from 'viem'
import * as bundlerRegistry from '../../abi/bundlerRegistry.ts'
import { type Call, toCall } from '../../account/call.ts'
import type { WithRegistry } from '../promise/promiseFacts.ts'
import { type OperatorCallErrorType, type OperatorClient, sendCall } from './sendCall.ts'

export type ClaimBundlerRewardParameters = WithRegistry & {
  /** Who gets it. */
  readonly to: Address
}
export type ClaimBundlerRewardReturnType = {
  readonly transactionHash: Hash
  /** Native wei. */
  readonly amountWei: bigint
}
export type ClaimBundlerRewardErrorType = OperatorCallErrorType

/**
 * Claims the sender's rewards: its halves of the fines for what it reported (broken promises, two commits to one place).
 *
 * @example
 * import { claimBundlerReward } from '@worldland-aa/sdk/actions/bundling/claimBundlerReward'
 *
 * const { amountWei } = await claimBundlerReward(walletClient, { contracts, to })
 */
export async function claimBundlerReward(
  client: OperatorClient,
  parameters: ClaimBundlerRewardParameters,
): Promise<ClaimBundlerRewardReturnType> {
  const [call] = claimBundlerReward.calls(parameters)
  const { transactionHash, logs } = await sendCall(client, call)
  const [told] = parseEventLogs({ abi: [bundlerRegistry.RewardClaimed], logs })
  return { transactionHash, amountWei: told?.args.amountWei ?? 0n }
}

/** The call alone, for a batch of one's own. */
claimBundlerReward.calls = (parameters: ClaimBundlerRewardParameters): readonly [Call] => {
  const { contracts, to } = parameters
  return [
    toCall(contracts.bundlerRegistry, {
      abi: [bundlerRegistry.claimReward],
      functionName: 'claimReward',
      args: [to],
    }),
  ]
}
