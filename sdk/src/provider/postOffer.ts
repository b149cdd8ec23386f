// Puts an offer into the book.
import { type Address, type Hex, zeroHash } from 'viem'
import * as offerBook from '../abi/offerBook.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import { type OfferKind, offerKinds } from '../actions/market/offer.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type PostOfferParameters = WithContracts & {
  /** 1 to 64 bytes. */
  readonly gpuModel: string
  /** GPUs in one unit. Default: 1. */
  readonly gpuCount?: number | undefined
  /** Memory of one GPU in GiB. */
  readonly vramGiB: number
  /** At most 64 bytes. */
  readonly region: string
  readonly capacityUnits: number
  /** Token wei for one unit and second. */
  readonly pricePerSecondWei: bigint
  /** Token wei of bond locked for each unit sold. */
  readonly bondPerUnitWei: bigint
  /** Shortest and longest lease, extensions included. */
  readonly minimumSeconds: number
  readonly maximumSeconds: number
  /** Default: `instance`. */
  readonly kind?: OfferKind | undefined
  /** The contract that sells it. Default: the InstanceLease, or the ServerlessSession by the offer's kind. */
  readonly market?: Address | undefined
  /** Hash of the full specification behind `uri`. */
  readonly specHash?: Hex | undefined
  /** At most 512 bytes. */
  readonly uri?: string | undefined
}
export type PostOfferReturnType = SendCallsReturnType
export type PostOfferErrorType = SendCallsErrorType

/**
 * Posts an offer of the client's account, which must be a registered provider.
 *
 * @example
 * import { parseEther } from 'viem'
 * import { postOffer } from '@worldland-aa/sdk/provider/postOffer'
 *
 * await postOffer(walletClient, {
 *   contracts,
 *   gpuModel: 'NVIDIA RTX 4090',
 *   vramGiB: 24,
 *   region: 'KR-Seoul',
 *   capacityUnits: 4,
 *   pricePerSecondWei: parseEther('0.5') / 3600n,
 *   bondPerUnitWei: parseEther('5'),
 *   minimumSeconds: 60,
 *   maximumSeconds: 7 * 24 * 3600,
 * })
 */
export async function postOffer(
  client: AccountClient,
  parameters: PostOfferParameters,
): Promise<PostOfferReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: postOffer.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
postOffer.calls = (parameters: PostOfferParameters): readonly Call[] => {
  const { contracts, kind = 'instance', gpuCount = 1, specHash = zeroHash, uri = '' } = parameters
  const { gpuModel, region, vramGiB, capacityUnits, pricePerSecondWei, bondPerUnitWei } = parameters
  const terms = {
    market:
      parameters.market ?? (kind === 'instance' ? contracts.instanceLease : contracts.serverlessSession),
    kind: offerKinds.indexOf(kind),
    capacityUnits,
    gpuCount,
    pricePerSecondWei,
    bondPerUnitWei,
    minSeconds: parameters.minimumSeconds,
    maxSeconds: parameters.maximumSeconds,
    vramGiB,
    specHash,
    gpuModel,
    region,
    uri,
  }
  return [
    toCall(contracts.offerBook, { abi: [offerBook.postOffer], functionName: 'postOffer', args: [terms] }),
  ]
}
