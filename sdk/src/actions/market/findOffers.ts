// Searches the offer book for what can be rented now, cheapest first.
import type { Client, GetBlockNumberErrorType, ReadContractErrorType } from 'viem'
import { getBlockNumber, multicall, readContract } from 'viem/actions'
import * as offerBook from '../../abi/offerBook.ts'
import * as providerRegistry from '../../abi/providerRegistry.ts'
import type { ComputeContracts, WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { type Offer, type OfferKind, toOffer } from './offer.ts'

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
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}

/** `freeUnits` counts only what the provider's free bond can back. Sorted by price, then by id. */
export type FindOffersReturnType = readonly Offer[]
export type FindOffersErrorType = GetBlockNumberErrorType | ReadContractErrorType

/**
 * Returns the offers that match, cheapest first, all read at one block and in few calls: one for sixteen
 * offers, and four.
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
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const count = await readContract(chainClient, {
    address: contracts.offerBook,
    abi: [offerBook.offerCount],
    functionName: 'offerCount',
    blockNumber,
  })
  const offers = await readOffers(chainClient, { contracts, count: Number(count), blockNumber })
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

/**
 * Many offers in one call of the node: WorldLand has no Multicall3, so its code travels with the call. What
 * such a call returns may be as long as a contract (24,576 bytes, EIP-170), and an offer takes up to 1,500.
 */
async function readOffers(
  client: Client,
  options: { contracts: ComputeContracts; count: number; blockNumber: bigint },
): Promise<readonly Offer[]> {
  const { contracts, count, blockNumber } = options
  const ids = Array.from({ length: count }, (_, index) => BigInt(index + 1))
  const structs = await multicall(client, {
    contracts: ids.map(offerId => ({
      address: contracts.offerBook,
      abi: [offerBook.offerOf],
      functionName: 'offerOf' as const,
      args: [offerId] as const,
    })),
    allowFailure: false,
    deployless: true,
    batchSize: offersPerCall * bytesOfQuestion,
    blockNumber,
  })
  return ids.flatMap((offerId, index) => {
    const struct = structs[index]
    return struct === undefined ? [] : [toOffer(offerId, struct)]
  })
}

const offersPerCall = 16
/** A selector and one word. */
const bytesOfQuestion = 36

/** A provider can accept no more than its free bond backs, whatever capacity it announces. */
async function limitToBonds(
  client: Client,
  options: { contracts: ComputeContracts; offers: readonly Offer[]; blockNumber: bigint },
): Promise<Offer[]> {
  const { contracts, offers, blockNumber } = options
  const registry = {
    address: contracts.providerRegistry,
    abi: [providerRegistry.availableBondOf, providerRegistry.isMarketAllowed],
  } as const
  const providers = [...new Set(offers.map(offer => offer.provider))]
  const sales = [...new Map(offers.map(offer => [saleOf(offer), offer])).entries()]
  const read = { allowFailure: false, deployless: true, batchSize: salesCallBytes, blockNumber } as const
  const [bonds, permissions] = await Promise.all([
    multicall(client, {
      ...read,
      contracts: providers.map(provider => ({
        ...registry,
        functionName: 'availableBondOf' as const,
        args: [provider] as const,
      })),
    }),
    multicall(client, {
      ...read,
      contracts: sales.map(([, { provider, market }]) => ({
        ...registry,
        functionName: 'isMarketAllowed' as const,
        args: [provider, market] as const,
      })),
    }),
  ])
  const bondOf = new Map(providers.map((provider, index) => [provider, bonds[index] ?? 0n]))
  const isAllowed = new Map(sales.map(([sale], index) => [sale, permissions[index] ?? false]))
  return offers.map(offer => {
    const bondWei = bondOf.get(offer.provider) ?? 0n
    const backedUnits = offer.bondPerUnitWei === 0n ? offer.freeUnits : Number(bondWei / offer.bondPerUnitWei)
    return { ...offer, freeUnits: isAllowed.get(saleOf(offer)) ? Math.min(offer.freeUnits, backedUnits) : 0 }
  })
}

/** Some hundred questions; each is answered by a word and five of framing. */
const salesCallBytes = 4_096

/** A provider lets each market lock its bond, or not. */
function saleOf({ provider, market }: Offer): string {
  return `${provider} ${market}`
}

function byPrice(left: Offer, right: Offer): number {
  if (left.pricePerSecondWei !== right.pricePerSecondWei) {
    return left.pricePerSecondWei < right.pricePerSecondWei ? -1 : 1
  }
  return left.offerId < right.offerId ? -1 : 1
}
