// A renter's request, sealed to the provider's public key. It goes with the opening of the lease, whose id is not
// known yet: so it is bound to the chain, the market, the payer and the offer, and to the access key it names.
import { type Address, concat, type Hex, numberToHex } from 'viem'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { openEnvelope, sealEnvelope } from './envelope.ts'
import { envelopeVersion, requestEnvelope } from './envelopeLayout.ts'
import { readPublishedRequest } from './publishedRequest.ts'
import { decodeRentalRequest, encodeRentalRequest, type RentalRequest } from './rentalRequest.ts'
import { sealingKeyBytes } from './sealingKey.ts'
import { ShapeError } from './shape.ts'
import type { Unopened } from './unopened.ts'

type Binding = {
  readonly contracts: Pick<ComputeContracts, 'instanceLease'>
  readonly chainId: number
  /** Who opens the lease: the smart account. */
  readonly payer: Address
  readonly offerId: bigint
}

export type SealRequestParameters = Binding & {
  /** The provider's `sealKey`, from `getProvider`. */
  readonly to: Hex
  readonly request: RentalRequest
  /** What the provider is to seal the access to. Keep its private key before you rent. */
  readonly accessPublicKey: Hex
}

/**
 * Seals a request, for `rentInstance`.
 *
 * @example
 * import { sealRequest } from '@worldland-aa/sdk/sealing/sealedRequest'
 *
 * const sealedRequest = sealRequest({
 *   contracts,
 *   chainId: 103,
 *   payer: account.address,
 *   offerId: 1n,
 *   to: provider.sealKey,
 *   request: { image: 'pytorch/pytorch:latest', ports: [8888] },
 *   accessPublicKey: accessKey.publicKey,
 * })
 */
export function sealRequest(parameters: SealRequestParameters): Hex {
  const { to, request, accessPublicKey } = parameters
  sealingKeyBytes(accessPublicKey, 'public')
  return sealEnvelope(requestEnvelope, {
    to,
    header: accessPublicKey,
    associated: bindingOf(parameters),
    message: encodeRentalRequest(request),
  })
}

/**
 * A request of nothing but that the access be sealed: it needs no key of the provider's.
 *
 * @example
 * import { requestOfAccessOnly } from '@worldland-aa/sdk/sealing/sealedRequest'
 *
 * const sealedRequest = requestOfAccessOnly({ accessPublicKey: accessKey.publicKey })
 */
export function requestOfAccessOnly({ accessPublicKey }: { readonly accessPublicKey: Hex }): Hex {
  sealingKeyBytes(accessPublicKey, 'public')
  return concat([envelopeVersion, accessPublicKey])
}

export type OpenRequestParameters = Binding & {
  readonly sealedRequest: Hex
  /** The provider's, newest first: a renter may have sealed to one that was replaced meanwhile. */
  readonly privateKeys: readonly Hex[]
}
export type OpenRequestReturnType =
  | { readonly ok: true; readonly request: RentalRequest; readonly accessPublicKey: Hex | undefined }
  | Unopened

/**
 * Opens a renter's request.
 *
 * @example
 * import { openRequest } from '@worldland-aa/sdk/sealing/sealedRequest'
 *
 * const opened = openRequest({ contracts, chainId: 103, payer, offerId, sealedRequest, privateKeys: [privateKey] })
 * if (!opened.ok) console.error(opened.problem, opened.remedy)
 */
export function openRequest(parameters: OpenRequestParameters): OpenRequestReturnType {
  const { sealedRequest, privateKeys } = parameters
  const { kind, accessPublicKey } = readPublishedRequest(sealedRequest)
  if (kind === 'none') return { ok: true, request: {}, accessPublicKey }
  if (kind === 'unknown') {
    return {
      ok: false,
      problem: 'The request is not in a form that this version knows.',
      remedy: 'Have the renter seal it by sealRequest, or update the SDK.',
    }
  }
  const associated = bindingOf(parameters)
  for (const privateKey of privateKeys) {
    const message = openEnvelope(requestEnvelope, { privateKey, associated, envelope: sealedRequest })
    if (message !== undefined) return readMessage(message, accessPublicKey)
  }
  return {
    ok: false,
    problem: 'The request is not sealed to this key for this payer, offer, market and chain, or was altered.',
    remedy: 'Try the keys that were registered before; else let the lease lapse, which refunds its payer.',
  }
}

function readMessage(message: Uint8Array, accessPublicKey: Hex | undefined): OpenRequestReturnType {
  try {
    return { ok: true, request: decodeRentalRequest(message), accessPublicKey }
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    return {
      ok: false,
      problem: `The request was opened, but it cannot be served: ${error.message}`,
      remedy: 'Let the lease lapse, which refunds its payer.',
    }
  }
}

function bindingOf({ chainId, contracts, payer, offerId }: Binding): Hex {
  return concat([
    numberToHex(chainId, { size: 32 }),
    contracts.instanceLease,
    payer,
    numberToHex(offerId, { size: 32 }),
  ])
}
