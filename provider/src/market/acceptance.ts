// Whether a lease is taken: by the provider's own rules, from what the chain says of it and what its renter asks for.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { RentalRequest } from '@worldland-aa/sdk/sealing/rentalRequest'
import { type Address, isAddressEqual, zeroHash } from 'viem'
import { hostOf, isInwardName, registryOf } from '../machines/imageOrigin.ts'
import { isImageAllowed, isImageListed } from './imageRule.ts'
import type { AcceptRules, WantedOffer } from './marketSchema.ts'

export type AcceptanceQuestion = {
  readonly lease: Pick<
    Lease,
    'payer' | 'units' | 'pricePerSecondWei' | 'maximumSeconds' | 'limitSeconds' | 'broker' | 'imageDigest'
  >
  readonly request: RentalRequest
  /** As it stands in the market file; undefined: it does not any more. */
  readonly offer: WantedOffer | undefined
  readonly rules: AcceptRules
  /** Agreements of the payer that this provider was paid for. */
  readonly payerScore: number
  /** False where machines are plain processes. */
  readonly hasImages: boolean
}

/** What speaks against it, in words for the log; nothing: it is taken. */
export function reasonsAgainst(question: AcceptanceQuestion): readonly string[] {
  return [
    ...(question.offer === undefined ? ['its offer is not in the market file any more'] : []),
    ...termReasons(question),
    ...payerReasons(question),
    ...imageReasons(question),
    ...diskReasons(question),
  ]
}

function termReasons({ lease, rules }: AcceptanceQuestion): readonly string[] {
  const { maximumSeconds, minimumPricePerSecondWei, maximumBrokerBasisPoints } = rules
  const brokerBasisPoints = lease.broker?.basisPoints ?? 0
  return [
    ...durationReasons(lease, maximumSeconds),
    ...(minimumPricePerSecondWei !== undefined && lease.pricePerSecondWei < minimumPricePerSecondWei
      ? [
          `it pays ${lease.pricePerSecondWei} wei a second, less than the ${minimumPricePerSecondWei} that are asked for`,
        ]
      : []),
    ...(maximumBrokerBasisPoints !== undefined && brokerBasisPoints > maximumBrokerBasisPoints
      ? [`its broker takes ${brokerBasisPoints} basis points, more than ${maximumBrokerBasisPoints}`]
      : []),
  ]
}

/** Once it is accepted, nobody asks this provider before it is extended, up to what its offer allowed when it was opened. */
function durationReasons(
  { maximumSeconds, limitSeconds }: AcceptanceQuestion['lease'],
  longest = Number.POSITIVE_INFINITY,
): readonly string[] {
  if (maximumSeconds > longest)
    return [`it is for ${maximumSeconds} seconds, longer than the ${longest} that are taken`]
  if (limitSeconds <= longest) return []
  return [
    `it may be extended to ${limitSeconds} seconds, as its offer allowed when it was opened: longer than the ${longest} that are taken`,
  ]
}

function payerReasons({ lease: { payer }, rules: { payers = {} }, payerScore }: AcceptanceQuestion) {
  const { allow, deny = [], leastScore = 0 } = payers
  const stands = (list: readonly Address[]): boolean => list.some(one => isAddressEqual(one, payer))
  return [
    ...(stands(deny) ? [`its payer ${payer} is denied`] : []),
    ...(allow !== undefined && !stands(allow) ? [`its payer ${payer} is not among those allowed`] : []),
    ...(payerScore < leastScore
      ? [`its payer ${payer} has paid for ${payerScore} agreements here, fewer than ${leastScore}`]
      : []),
  ]
}

function imageReasons({ lease, request, offer, rules, hasImages }: AcceptanceQuestion): readonly string[] {
  const { imageDigest } = lease
  const wantsDigest = imageDigest !== zeroHash
  const { image } = request
  if (!hasImages) {
    if (image === undefined && !wantsDigest) return []
    return ['it asks for an image, and machines are plain processes here (driver process)']
  }
  if (image === undefined) {
    return wantsDigest && offer?.image === undefined
      ? ['it names a digest, but no image that could have it']
      : []
  }
  const digest = image.split('@', 2)[1]
  const registry = registryOf(image)
  const isInward = registry !== undefined && isInwardName(hostOf(registry))
  return [
    ...(rules.images !== undefined && !isImageAllowed(image, rules.images)
      ? [`its image ${image} is not among those allowed`]
      : isInward && !isImageListed(image, rules.images, offer?.image)
        ? [
            `its image ${image} is of a registry within the provider's own network, and accept.images names none there`,
          ]
        : []),
    ...(wantsDigest && digest !== undefined && digest !== `sha256:${imageDigest.slice(2)}`
      ? ['its image has another digest than the lease']
      : []),
  ]
}

function diskReasons({ lease: { units }, request: { diskGiB = 0 }, offer }: AcceptanceQuestion) {
  const has = offer?.diskGiB === undefined ? undefined : offer.diskGiB * units
  return has !== undefined && diskGiB > has ? [`it asks for ${diskGiB} GiB of disk, more than ${has}`] : []
}
