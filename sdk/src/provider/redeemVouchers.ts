// A provider is paid by vouchers of many sessions at once.
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

export type RedeemVouchersParameters = WithContracts & {
  /** One for each session and right. */
  readonly signed: readonly SignedVoucher[]
}
export type RedeemVouchersReturnType = SendCallsReturnType
export type RedeemVouchersErrorType = SendCallsErrorType

/**
 * Redeems many vouchers; one that fails is left out (`VoucherRefused` says why) and harms no other.
 *
 * @example
 * import { redeemVouchers } from '@worldland-aa/sdk/provider/redeemVouchers'
 *
 * await redeemVouchers(walletClient, { contracts, signed: lastVouchers })
 */
export async function redeemVouchers(
  client: AccountClient,
  parameters: RedeemVouchersParameters,
): Promise<RedeemVouchersReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: redeemVouchers.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
redeemVouchers.calls = (parameters: RedeemVouchersParameters): readonly Call[] => {
  const { contracts, signed } = parameters
  return [
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.redeemMany],
      functionName: 'redeemMany',
      args: [signed],
    }),
  ]
}
