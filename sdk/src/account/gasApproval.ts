// The approval by which gas is paid in the compute token, for calls that somebody else sends: a wallet that asks the
// paymaster itself (ERC-7677 `paymasterService`) cannot know that it belongs at the beginning of the batch.
import type { WithContracts } from '../chains/computeContracts.ts'
import { approveCall } from './approveCall.ts'
import type { Call } from './call.ts'

export type WithGasAllowance = {
  /**
   * Token wei that the paymaster may pull from now on, this operation's gas included: `quoteRental` and
   * `quoteGasAllowance` say how much. Default: no approval, for a batch whose gas is paid otherwise.
   */
  readonly gasAllowanceWei?: bigint | undefined
}

/**
 * The call to begin a batch with, none where nothing is to be approved.
 *
 * @example
 * import { gasApproval } from '@worldland-aa/sdk/account/gasApproval'
 * import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
 *
 * const calls = [...gasApproval({ contracts, gasAllowanceWei }), ...stopLease.calls({ contracts, leaseId, state })]
 */
export function gasApproval({
  contracts,
  gasAllowanceWei,
}: WithContracts & WithGasAllowance): readonly Call[] {
  if (gasAllowanceWei === undefined) return []
  return [approveCall({ token: contracts.token, spender: contracts.paymaster, amountWei: gasAllowanceWei })]
}
