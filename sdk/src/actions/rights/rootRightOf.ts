// The id of a lease's or session's root right, without asking the chain.
import type { Address } from 'viem'

/** The market's address, then 96 bits of the agreement's id. */
const agreementIdBits = 96n

export type RootRightOfParameters = {
  /** `contracts.instanceLease` or `contracts.serverlessSession`. */
  readonly market: Address
  /** The lease's or session's id. */
  readonly agreementId: bigint
}
export type RootRightOfReturnType = bigint

/**
 * Returns the id of the right that opening a lease or session gives its payer.
 *
 * @example
 * import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
 *
 * const rightId = rootRightOf({ market: contracts.instanceLease, agreementId: leaseId })
 */
export function rootRightOf({ market, agreementId }: RootRightOfParameters): RootRightOfReturnType {
  return (BigInt(market) << agreementIdBits) | agreementId
}
