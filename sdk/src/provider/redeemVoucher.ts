// A provider is paid by the last voucher of a right: for one request or for thousands.
import * as serverlessSession from '../abi/serverlessSession.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { SignedVoucher } from '../actions/session/voucher.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type RedeemVoucherParameters = WithContracts & {
  /** The highest one that was verified (`verifyVoucher`). */
  readonly signed: SignedVoucher
}
export type RedeemVoucherReturnType = SendCallsReturnType
export type RedeemVoucherErrorType = SendCallsErrorType

/**
 * Redeems a voucher: pays the difference to the last redeemed one of the same right. `VoucherRedeemed` says
 * how much.
 *
 * @example
 * import { redeemVoucher } from '@worldland-aa/sdk/provider/redeemVoucher'
 *
 * await redeemVoucher(walletClient, { contracts, signed: lastVoucher })
 */
export async function redeemVoucher(
  client: AccountClient,
  parameters: RedeemVoucherParameters,
): Promise<RedeemVoucherReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: redeemVoucher.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
redeemVoucher.calls = (parameters: RedeemVoucherParameters): readonly Call[] => {
  const { contracts, signed } = parameters
  return [
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.redeem],
      functionName: 'redeem',
      args: [signed],
    }),
  ]
}
