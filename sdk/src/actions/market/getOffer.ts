// Reads one offer of the book.
import type { Client, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as offerBook from '../../abi/offerBook.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type Offer, toOffer } from './offer.ts'

export type GetOfferParameters = WithContracts & {
  readonly offerId: bigint
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type GetOfferReturnType = Offer
/** A `ComputeError` named `UnknownOffer` when the id was never posted. */
export type GetOfferErrorType = ComputeError | ReadContractErrorType

/**
 * Returns an offer of the market.
 *
 * @example
 * import { getOffer } from '@worldland-aa/sdk/actions/market/getOffer'
 *
 * const offer = await getOffer(publicClient, { contracts, offerId: 1n })
 */
export async function getOffer(client: Client, parameters: GetOfferParameters): Promise<GetOfferReturnType> {
  const { contracts, offerId, blockNumber } = parameters
  const offer = await readContract(chainClientOf(client), {
    address: contracts.offerBook,
    abi: [offerBook.offerOf],
    functionName: 'offerOf',
    args: [offerId],
    blockNumber,
  }).catch(throwComputeError)
  return toOffer(offerId, offer)
}
