// Pays out the stake of a bundler that has left.
import { type Address, type Hash, parseEventLogs } from 'viem'
import * as bundlerRegistry from '../../abi/bundlerRegistry.ts'
import { type Call, toCall } from '../../account/call.ts'
import type { WithRegistry } from '../promise/promiseFacts.ts'
import { type OperatorCallErrorType, type OperatorClient, sendCall } from './sendCall.ts'

export type WithdrawBundlerStakeParameters = WithRegistry & {
  /** In the registry. */
  readonly bundlerId: number
  /** Who gets it. */
  readonly to: Address
}
export type WithdrawBundlerStakeReturnType = {
  readonly transactionHash: Hash
  /** Native wei. */
  readonly amountWei: bigint
}
export type WithdrawBundlerStakeErrorType = OperatorCallErrorType

/**
 * Withdraws what is left of a bundler's stake, once the delay since `requestBundlerExit` is over. Its operator sends this;
 * the node's key may be registered anew afterwards.
 *
 * @example
 * import { withdrawBundlerStake } from '@worldland-aa/sdk/actions/bundling/withdrawBundlerStake'
 *
 * const { amountWei } = await withdrawBundlerStake(walletClient, { contracts, bundlerId, to })
 */
export async function withdrawBundlerStake(
  client: OperatorClient,
  parameters: WithdrawBundlerStakeParameters,
): Promise<WithdrawBundlerStakeReturnType> {
  const [call] = withdrawBundlerStake.calls(parameters)
  const { transactionHash, logs } = await sendCall(client, call)
  const [told] = parseEventLogs({ abi: [bundlerRegistry.Withdrawn], logs })
  return { transactionHash, amountWei: told?.args.amountWei ?? 0n }
}

/** The call alone, for a batch of one's own. */
withdrawBundlerStake.calls = (parameters: WithdrawBundlerStakeParameters): readonly [Call] => {
  const { contracts, bundlerId, to } = parameters
  return [
    toCall(contracts.bundlerRegistry, {
      abi: [bundlerRegistry.withdraw],
      functionName: 'withdraw',
      args: [bundlerId, to],
    }),
  ]
}
