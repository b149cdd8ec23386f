// Pays for serverless use by a signature, without a transaction.

import type { TypedDataSigner } from '../../account/typedDataSigner.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { type SignedVoucher, type Voucher, voucherTypedData } from './voucher.ts'

export type SignVoucherParameters = WithContracts & {
  readonly chainId: number
  readonly voucher: Voucher
  /** A holder of the voucher's right: the session's payer or signer, or whom a right was granted. */
  readonly signer: TypedDataSigner
}
export type SignVoucherReturnType = SignedVoucher

/**
 * Signs a voucher (EIP-712). Pure: it asks no node. A smart account must be deployed and speak ERC-1271 for
 * the provider to be able to redeem what it signs; a ComputeAccount does, a SimpleAccount does not.
 *
 * @example
 * import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
 * import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
 *
 * const signed = await signVoucher({
 *   contracts,
 *   chainId: 103,
 *   signer: voucherKey,
 *   voucher: {
 *     sessionId,
 *     rightId: rootRightOf({ market: contracts.serverlessSession, agreementId: sessionId }),
 *     cumulativeWei: 3n * pricePerSecondWei,
 *     sequence: 3n,
 *     units: 3n,
 *   },
 * })
 */
export async function signVoucher(parameters: SignVoucherParameters): Promise<SignVoucherReturnType> {
  const typedData = voucherTypedData(parameters)
  const { signer } = parameters
  return {
    voucher: typedData.message,
    signer: signer.address,
    signature: await signer.signTypedData(typedData),
  }
}
