// A provider adds to its bond.
import * as providerRegistry from '../abi/providerRegistry.ts'
import { approveCall } from '../account/approveCall.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type StakeBondParameters = WithContracts & {
  /** Token wei. */
  readonly amountWei: bigint
}
export type StakeBondReturnType = SendCallsReturnType
export type StakeBondErrorType = SendCallsErrorType

/**
 * Approves and stakes tokens of the provider. What agreements lock of it can be slashed.
 *
 * @example
 * import { stakeBond } from '@worldland-aa/sdk/provider/stakeBond'
 * import { parseEther } from 'viem'
 *
 * await stakeBond(walletClient, { contracts, amountWei: parseEther('100') })
 */
export async function stakeBond(
  client: AccountClient,
  parameters: StakeBondParameters,
): Promise<StakeBondReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: stakeBond.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
stakeBond.calls = (parameters: StakeBondParameters): readonly Call[] => {
  const { contracts, amountWei } = parameters
  return [
    approveCall({ token: contracts.token, spender: contracts.providerRegistry, amountWei: amountWei }),
    toCall(contracts.providerRegistry, {
      abi: [providerRegistry.stake],
      functionName: 'stake',
      args: [amountWei],
    }),
  ]
}
