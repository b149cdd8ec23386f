// An offer as renters see it, read out of the contract's struct.
import type { Address, ContractFunctionReturnType, Hex } from 'viem'
import type { offerBookAbi } from '../../abi/offerBook.ts'

export const offerKinds = ['instance', 'serverless'] as const
export type OfferKind = (typeof offerKinds)[number]

export type Offer = {
  readonly offerId: bigint
  readonly provider: Address
  /** The contract that sells it. */
  readonly market: Address
  readonly kind: OfferKind
  readonly gpuModel: string
  /** GPUs in one unit. */
  readonly gpuCount: number
  /** Memory of one GPU in GiB. */
  readonly vramGiB: number
  readonly region: string
  /** Token wei for one unit and second. */
  readonly pricePerSecondWei: bigint
  /** Token wei of the provider's bond behind each unit. */
  readonly bondPerUnitWei: bigint
  readonly capacityUnits: number
  /** Units that can be rented now; 0 while paused. */
  readonly freeUnits: number
  readonly minimumSeconds: number
  readonly maximumSeconds: number
  readonly paused: boolean
  readonly specHash: Hex
  readonly uri: string
}

type OfferStruct = ContractFunctionReturnType<typeof offerBookAbi, 'view', 'offerOf'>

export function toOffer(offerId: bigint, { provider, paused, reservedUnits, terms }: OfferStruct): Offer {
  const kind = offerKinds[terms.kind]
  if (kind === undefined) throw new Error(`Offer ${offerId} is of the unknown kind ${terms.kind}`)
  return {
    offerId,
    provider,
    market: terms.market,
    kind,
    gpuModel: terms.gpuModel,
    gpuCount: terms.gpuCount,
    vramGiB: terms.vramGiB,
    region: terms.region,
    pricePerSecondWei: terms.pricePerSecondWei,
    bondPerUnitWei: terms.bondPerUnitWei,
    capacityUnits: terms.capacityUnits,
    freeUnits: paused ? 0 : Math.max(0, terms.capacityUnits - reservedUnits),
    minimumSeconds: terms.minSeconds,
    maximumSeconds: terms.maxSeconds,
    paused,
    specHash: terms.specHash,
    uri: terms.uri,
  }
}
