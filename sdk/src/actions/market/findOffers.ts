// Searches the offer book for what can be rented now, cheapest first.
import type { Address, Client, GetBlockNumberErrorType, ReadContractErrorType } from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import { offerBookAbi } from '../../abi/offerBook.ts'
import { providerRegistryAbi } from '../../abi/providerRegistry.ts'
import type { ComputeContracts, WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { getOffer } from './getOffer.ts'
import type { Offer, OfferKind } from './offer.ts'

export type FindOffersParameters = WithContracts & {
  /** Default: `instance`. */
  readonly kind?: OfferKind | undefined
  /** Part of the model's name, in any case: `4090` finds `NVIDIA RTX 4090`. */
  readonly gpuModel?: string | undefined
  /** Memory of one GPU in GiB. */
  readonly minimumVramGiB?: number | undefined
  /** The region's exact name, in any case. */
  readonly region?: string | undefined
  /** Token wei for one unit and second. */
  readonly maximumPricePerSecondWei?: bigint | undefined
  /** Default: 1. Give 0 to see offers that are sold out, paused or not backed by a bond as well. */
  readonly minimumFreeUnits?: number | undefined
}

/** `freeUnits` counts only what the provider's free bond can back. Sorted by price, then by id. */
export type FindOffersReturnType = readonly Offer[]
export type FindOffersErrorType = GetBlockNumberErrorType | ReadContractErrorType

/**
 * Returns the offers that match, cheapest first, all read at one block.
 *
 * @example
 * import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
 *
 * const offers = await findOffers(publicClient, { contracts, gpuModel: '4090', minimumVramGiB: 24 })
 */
export async function findOffers(
  client: Client,
  parameters: FindOffersParameters,
): Promise<FindOffersReturnType> {
  const { contracts, minimumFreeUnits = 1 } = parameters
  const chainClient = chainClientOf(client)
  const blockNumber = await getBlockNumber(chainClient, { cacheTime: 0 })
  const count = await readContract(chainClient, {
    address: contracts.offerBook,
    abi: offerBookAbi,
    functionName: 'offerCount',
    blockNumber,
  })
  const ids = Array.from({ length: Number(count) }, (_, index) => BigInt(index + 1))
  const offers = await Promise.all(
    ids.map(offerId => getOffer(chainClient, { contracts, offerId, blockNumber })),
  )
  const wanted = offers.filter(offer => matches(offer, parameters) && offer.freeUnits >= minimumFreeUnits)
  const backed = await limitToBonds(chainClient, { contracts, offers: wanted, blockNumber })
  return backed.filter(offer => offer.freeUnits >= minimumFreeUnits).sort(byPrice)
}

function matches(offer: Offer, wanted: FindOffersParameters): boolean {
  const { kind = 'instance', gpuModel, minimumVramGiB = 0, region, maximumPricePerSecondWei } = wanted
  return (
    offer.kind === kind &&
    (gpuModel === undefined || offer.gpuModel.toLowerCase().includes(gpuModel.toLowerCase())) &&
    offer.vramGiB >= minimumVramGiB &&
    (region === undefined || offer.region.toLowerCase() === region.toLowerCase()) &&
    (maximumPricePerSecondWei === undefined || offer.pricePerSecondWei <= maximumPricePerSecondWei)
  )
}

/** A provider can accept no more than its free bond backs, whatever capacity it announces. */
async function limitToBonds(
  client: Client,
  options: { contracts: ComputeContracts; offers: readonly Offer[]; blockNumber: bigint },
): Promise<Offer[]> {
  const { contracts, offers, blockNumber } = options
  const registry = { address: contracts.providerRegistry, abi: providerRegistryAbi, blockNumber } as const
  const bonds = new Map<Address, Promise<bigint>>()
  const markets = new Map<string, Promise<boolean>>()
  for (const { provider, market } of offers) {
    if (!bonds.has(provider)) {
      bonds.set(
        provider,
        readContract(client, { ...registry, functionName: 'availableBondOf', args: [provider] }),
      )
    }
    const sale = `${provider} ${market}`
    if (!markets.has(sale)) {
      markets.set(
        sale,
        readContract(client, { ...registry, functionName: 'isMarketAllowed', args: [provider, market] }),
      )
    }
  }
  return await Promise.all(
    offers.map(async offer => {
      const allowed = await markets.get(`${offer.provider} ${offer.market}`)
      const bondWei = (await bonds.get(offer.provider)) ?? 0n
      const backedUnits =
        offer.bondPerUnitWei === 0n ? offer.freeUnits : Number(bondWei / offer.bondPerUnitWei)
      return { ...offer, freeUnits: allowed ? Math.min(offer.freeUnits, backedUnits) : 0 }
    }),
  )
}

function byPrice(left: Offer, right: Offer): number {
  if (left.pricePerSecondWei !== right.pricePerSecondWei) {
    return left.pricePerSecondWei < right.pricePerSecondWei ? -1 : 1
  }
  return left.offerId < right.offerId ? -1 : 1
}
