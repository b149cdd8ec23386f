// Who pays gas in the compute token must let the paymaster pull it. This adds that approval to a batch, only
// when it is needed.
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import { approveCall } from './approveCall.ts'
import type { Call } from './call.ts'
import { type GasAllowanceOptions, gasAllowance, paysFromWallet } from './gasAllowance.ts'

export async function gasAllowanceCalls(
  client: SmartAccountClient,
  options: GasAllowanceOptions,
): Promise<readonly Call[]> {
  const { account, contracts, paymasterContext, gasAllowanceWei } = options
  if (!paysFromWallet(paymasterContext, contracts.token) || gasAllowanceWei === 0n) return []
  // A session key may leave no allowance greater than it was: the owner's has to do.
  if (account.sessionKeyId !== undefined) return []
  const approval = { token: contracts.token, spender: contracts.paymaster }
  if (gasAllowanceWei !== undefined) return [approveCall({ ...approval, amountWei: gasAllowanceWei })]
  const { presentWei, wantedWei } = await gasAllowance(client, options)
  return wantedWei === presentWei ? [] : [approveCall({ ...approval, amountWei: wantedWei })]
}
