// A provider queues part of its bond for withdrawal.
import * as providerRegistry from '../abi/providerRegistry.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type RequestUnstakeParameters = WithContracts & {
  /** Token wei. */
  readonly amountWei: bigint
}
export type RequestUnstakeReturnType = SendCallsReturnType
export type RequestUnstakeErrorType = SendCallsErrorType

/**
 * Queues bond for withdrawal; the delay is longer than any dispute and starts again for all that is queued.
 *
 * @example
 * import { parseEther } from 'viem'
 * import { requestUnstake } from '@worldland-aa/sdk/provider/requestUnstake'
 *
 * await requestUnstake(walletClient, { contracts, amountWei: parseEther('10') })
 */
export async function requestUnstake(
  client: AccountClient,
  parameters: RequestUnstakeParameters,
): Promise<RequestUnstakeReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: requestUnstake.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
requestUnstake.calls = ({ contracts, amountWei }: RequestUnstakeParameters): readonly Call[] => [
  toCall(contracts.providerRegistry, {
    abi: [providerRegistry.requestUnstake],
    functionName: 'requestUnstake',
    args: [amountWei],
  }),
]
