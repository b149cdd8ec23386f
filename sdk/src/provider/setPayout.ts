// A provider changes where its earnings go.
import type { Address } from 'viem'
import * as providerRegistry from '../abi/providerRegistry.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type SetPayoutParameters = WithContracts & {
  readonly payout: Address
}
export type SetPayoutReturnType = SendCallsReturnType
export type SetPayoutErrorType = SendCallsErrorType

/**
 * Changes the payout address, for running leases and sessions too.
 *
 * @example
 * import { setPayout } from '@worldland-aa/sdk/provider/setPayout'
 *
 * await setPayout(walletClient, { contracts, payout })
 */
export async function setPayout(
  client: AccountClient,
  parameters: SetPayoutParameters,
): Promise<SetPayoutReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: setPayout.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
setPayout.calls = (parameters: SetPayoutParameters): readonly Call[] => {
  const { contracts, payout } = parameters
  return [
    toCall(contracts.providerRegistry, {
      abi: [providerRegistry.setPayout],
      functionName: 'setPayout',
      args: [payout],
    }),
  ]
}
