// Begins the way out of the registry of bundlers.
import { type Hash, parseEventLogs } from 'viem'
import * as bundlerRegistry from '../../abi/bundlerRegistry.ts'
import { type Call, toCall } from '../../account/call.ts'
import type { WithRegistry } from '../promise/promiseFacts.ts'
import { type OperatorCallErrorType, type OperatorClient, sendCall } from './sendCall.ts'

export type RequestBundlerExitParameters = WithRegistry & {
  /** In the registry. */
  readonly bundlerId: number
}
export type RequestBundlerExitReturnType = {
  readonly transactionHash: Hash
  /** The first block in which the stake can be withdrawn. */
  readonly exitBlock: bigint
}
export type RequestBundlerExitErrorType = OperatorCallErrorType

/**
 * Asks for a bundler's stake back: from the next epoch on it leads no more. The stake answers for what the bundler signed
 * until the exit delay is over; then `withdrawBundlerStake` pays it out. Its operator sends this.
 *
 * @example
 * import { requestBundlerExit } from '@worldland-aa/sdk/actions/bundling/requestBundlerExit'
 *
 * const { exitBlock } = await requestBundlerExit(walletClient, { contracts, bundlerId })
 */
export async function requestBundlerExit(
  client: OperatorClient,
  parameters: RequestBundlerExitParameters,
): Promise<RequestBundlerExitReturnType> {
  const [call] = requestBundlerExit.calls(parameters)
  const { transactionHash, logs } = await sendCall(client, call)
  const [told] = parseEventLogs({ abi: [bundlerRegistry.ExitRequested], logs })
  return { transactionHash, exitBlock: told?.args.exitBlock ?? 0n }
}

/** The call alone, for a batch of one's own. */
requestBundlerExit.calls = (parameters: RequestBundlerExitParameters): readonly [Call] => {
  const { contracts, bundlerId } = parameters
  return [
    toCall(contracts.bundlerRegistry, {
      abi: [bundlerRegistry.requestExit],
      functionName: 'requestExit',
      args: [bundlerId],
    }),
  ]
}
