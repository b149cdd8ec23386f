// A provider takes out the bond whose delay is over.
import * as providerRegistry from '../abi/providerRegistry.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type WithdrawStakeParameters = WithContracts
export type WithdrawStakeReturnType = SendCallsReturnType
export type WithdrawStakeErrorType = SendCallsErrorType

/**
 * Withdraws all queued bond that no lease has locked, once the delay is over.
 *
 * @example
 * import { withdrawStake } from '@worldland-aa/sdk/provider/withdrawStake'
 *
 * await withdrawStake(walletClient, { contracts })
 */
export async function withdrawStake(
  client: AccountClient,
  parameters: WithdrawStakeParameters,
): Promise<WithdrawStakeReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: withdrawStake.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
withdrawStake.calls = ({ contracts }: WithdrawStakeParameters): readonly Call[] => [
  toCall(contracts.providerRegistry, {
    abi: [providerRegistry.withdraw],
    functionName: 'withdraw',
    args: [],
  }),
]
