// Rents a machine with one signature: one user operation approves the exact escrow and opens the lease (and
// deploys the account, approves the gas, sets gas aside for the end, where that is still to be done or wanted).
import { type Address, type Hex, zeroAddress, zeroHash } from 'viem'
import * as instanceLease from '../../abi/instanceLease.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import { gasAllowanceBeside } from '../../account/gasAllowanceBeside.ts'
import { gasApproval, type WithGasAllowance } from '../../account/gasApproval.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { type GetOfferErrorType, getOffer } from '../market/getOffer.ts'
import type { Offer } from '../market/offer.ts'
import { fillTank } from '../tank/fillTank.ts'
import { type QuoteExitReserveErrorType, quoteExitReserve } from '../tank/quoteExitReserve.ts'

type RentalTerms = WithContracts & {
  readonly offerId: bigint
  /** Default: 1. */
  readonly units?: number | undefined
  /** Time to pay for now; what is not used comes back to the wei. */
  readonly seconds: number
  /** What the machine is to run: the image's digest, `0x…` or `sha256:…`. Default: none, to be agreed. */
  readonly imageDigest?: Hex | `sha256:${string}` | undefined
  /**
   * What else is to run and how, for the provider's eyes alone, and what to seal the access to: from
   * `sealRentalRequest`. Default: nothing, and an access that everybody can read.
   */
  readonly sealedRequest?: Hex | undefined
  /** Who introduced the parties, and its share in 1/10000 of what the provider earns. */
  readonly broker?: { readonly address: Address; readonly basisPoints: number } | undefined
}

export type RentInstanceParameters = RentalTerms &
  BatchParameters & {
    /** Most token wei for one unit and second. Default: the offer's present price. */
    readonly maximumPricePerSecondWei?: bigint | undefined
    /**
     * Token wei to put into the sender's gas tank, so that `stopLease({ leaseId, gasFrom: 'tank' })` can be paid
     * though the wallet be empty by then; `quoted`: what `quoteExitReserve` says. Default: none.
     */
    readonly exitReserveWei?: bigint | 'quoted' | undefined
  }
/** The user operation's hash, for `waitForRental`. */
export type RentInstanceReturnType = BatchReturnType
export type RentInstanceErrorType = GetOfferErrorType | QuoteExitReserveErrorType | BatchErrorType

/**
 * Opens a lease by one user operation and returns its hash.
 *
 * @example
 * import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
 * import { waitForRental } from '@worldland-aa/sdk/actions/lease/waitForRental'
 *
 * const hash = await rentInstance(smartAccountClient, {
 *   contracts,
 *   offerId: 1n,
 *   seconds: 3600,
 *   paymasterContext: { token: contracts.token },
 * })
 * const { leaseId } = await waitForRental(smartAccountClient, { contracts, hash })
 */
export async function rentInstance(
  client: SmartAccountClient,
  parameters: RentInstanceParameters,
): Promise<RentInstanceReturnType> {
  const { contracts, offerId, units = 1, seconds, maximumPricePerSecondWei } = parameters
  const offer = await getOffer(client, { contracts, offerId })
  const priceCapWei = maximumPricePerSecondWei ?? offer.pricePerSecondWei
  const problem = rentalProblem(offer, { units, seconds, priceCapWei })
  if (problem !== undefined) throw problem
  return await sendBatch(client, {
    ...parameters,
    ...(await rentalBatch(client, { ...parameters, maximumPricePerSecondWei: priceCapWei })),
  })
}

/** The calls of a rental, the reserve for its end among them, and the allowance that is to be added for gas. */
export async function rentalBatch(
  client: SmartAccountClient,
  parameters: RentInstanceParameters & { readonly maximumPricePerSecondWei: bigint },
): Promise<{ readonly calls: readonly Call[]; readonly gasAllowanceWei?: bigint }> {
  const { contracts } = parameters
  // Its own approval is added with that of the reserve, or with the batch's.
  const calls = rentInstance.calls({ ...parameters, gasAllowanceWei: undefined })
  const reserveWei = await exitReserveOf(client, parameters)
  if (reserveWei === 0n) return { calls }
  const holder = senderOf(client, parameters).address
  const gasAllowanceWei = await gasAllowanceBeside(client, parameters)
  const reserving = fillTank.calls({ contracts, holder, amountWei: reserveWei, gasAllowanceWei })
  // The reserve's approval covers the gas as well.
  return { calls: [...reserving, ...calls], gasAllowanceWei: 0n }
}

async function exitReserveOf(
  client: SmartAccountClient,
  { contracts, exitReserveWei = 0n }: RentInstanceParameters,
): Promise<bigint> {
  return exitReserveWei === 'quoted' ? await quoteExitReserve(client, { contracts }) : exitReserveWei
}

/** The calls alone, for a batch of one's own, or a wallet's `sendCalls` (ERC-5792). */
rentInstance.calls = (
  parameters: RentalTerms & WithGasAllowance & { readonly maximumPricePerSecondWei: bigint },
): readonly Call[] => {
  const { contracts, units = 1, seconds, maximumPricePerSecondWei } = parameters
  return [
    ...gasApproval(parameters),
    approveCall({
      token: contracts.token,
      spender: contracts.instanceLease,
      amountWei: maximumPricePerSecondWei * BigInt(units) * BigInt(seconds),
    }),
    openLeaseCall(parameters),
  ]
}

/** Opening alone, for a batch that approves the escrow of several leases at once. */
export function openLeaseCall(parameters: RentalTerms & { readonly maximumPricePerSecondWei: bigint }): Call {
  const { contracts, offerId, units = 1, seconds, maximumPricePerSecondWei, imageDigest, broker } = parameters
  const { sealedRequest = '0x' } = parameters
  return toCall(contracts.instanceLease, {
    abi: [instanceLease.open],
    functionName: 'open',
    args: [
      offerId,
      units,
      seconds,
      maximumPricePerSecondWei,
      toDigest(imageDigest),
      broker?.address ?? zeroAddress,
      broker?.basisPoints ?? 0,
      sealedRequest,
    ],
  })
}

/** What the contract would refuse, said before anybody signs. */
export function rentalProblem(
  offer: Offer,
  wanted: { units: number; seconds: number; priceCapWei: bigint },
): ComputeError | undefined {
  const { units, seconds, priceCapWei } = wanted
  if (offer.kind !== 'instance') {
    return new ComputeError({
      problem: `Offer ${offer.offerId} does not rent whole machines.`,
      remedy: "Take an offer of kind 'instance'.",
    })
  }
  if (!Number.isSafeInteger(units) || units < 1 || units > offer.freeUnits) {
    return new ComputeError({
      problem: `units is ${units}; offer ${offer.offerId} has ${offer.freeUnits} free.`,
      remedy: 'Ask for a whole number of units from 1 to what is free, or take another offer.',
    })
  }
  if (!Number.isSafeInteger(seconds) || seconds < offer.minimumSeconds || seconds > offer.maximumSeconds) {
    return new ComputeError({
      problem: `seconds is ${seconds}; offer ${offer.offerId} is rented for ${offer.minimumSeconds} to ${offer.maximumSeconds}.`,
      remedy: 'Ask for a whole number of seconds within these limits.',
    })
  }
  if (offer.pricePerSecondWei > priceCapWei) {
    return new ComputeError({
      problem: `Offer ${offer.offerId} costs ${offer.pricePerSecondWei} token wei a second, above maximumPricePerSecondWei ${priceCapWei}.`,
      remedy: 'Agree to the price, or take another offer.',
    })
  }
  return undefined
}

function toDigest(image: Hex | `sha256:${string}` | undefined): Hex {
  if (image === undefined) return zeroHash
  const digest = image.startsWith('sha256:') ? `0x${image.slice('sha256:'.length)}` : image
  if (/^0x[0-9a-fA-F]{64}$/.test(digest)) return digest as Hex
  throw new ComputeError({
    problem: `imageDigest is "${image}".`,
    remedy: 'Give the digest as 0x or sha256: and 64 hex digits (docker inspect shows it).',
  })
}
