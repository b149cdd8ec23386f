// What a renter asks of a provider beyond what everybody may see, sealed before it rents.
import type { Address, Client, GetChainIdErrorType, Hex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { getChainId } from 'viem/actions'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { RentalRequest } from '../../sealing/rentalRequest.ts'
import { type GetOfferErrorType, getOffer } from '../market/getOffer.ts'
import { type GetProviderErrorType, getProvider } from '../market/getProvider.ts'

export type SealRentalRequestParameters = WithContracts & {
  readonly offerId: bigint
  /** The public key that the access is to be sealed to. Keep its private key first: nobody else can open it. */
  readonly accessPublicKey: Hex
  /** Default: nothing but that the access be sealed. */
  readonly request?: RentalRequest | undefined
  /** Who rents; the request opens for no other. Default: the client's account. */
  readonly account?: Address | SmartAccount | undefined
}
/** For `rentInstance`'s `sealedRequest`. */
export type SealRentalRequestReturnType = Hex
export type SealRentalRequestErrorType =
  | ComputeError
  | GetOfferErrorType
  | GetProviderErrorType
  | GetChainIdErrorType

/**
 * Seals a request to the provider of an offer.
 *
 * @example
 * import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
 * import { sealRentalRequest } from '@worldland-aa/sdk/actions/lease/sealRentalRequest'
 * import { accessKeyStore } from '@worldland-aa/sdk/sealing/accessKeyStore'
 *
 * const { publicKey } = await accessKeyStore({ storage: localStorage }).create()
 * const sealedRequest = await sealRentalRequest(smartAccountClient, {
 *   contracts,
 *   offerId: 1n,
 *   accessPublicKey: publicKey,
 *   request: { image: 'pytorch/pytorch:latest', ports: [8888], sshPublicKey: 'ssh-ed25519 AAAA…' },
 * })
 * const hash = await rentInstance(smartAccountClient, { contracts, offerId: 1n, seconds: 3600, sealedRequest })
 */
export async function sealRentalRequest(
  client: Client | SmartAccountClient,
  parameters: SealRentalRequestParameters,
): Promise<SealRentalRequestReturnType> {
  const { contracts, offerId, accessPublicKey, request = {} } = parameters
  // Whoever only reads and sends loads no cryptography.
  const { requestOfAccessOnly, sealRequest } = await import('../../sealing/sealedRequest.ts')
  if (Object.keys(request).length === 0) return requestOfAccessOnly({ accessPublicKey })
  const chainClient = chainClientOf(client)
  const payer = payerOf(client, parameters)
  const [offer, chainId] = await Promise.all([
    getOffer(chainClient, { contracts, offerId }),
    chainClient.chain?.id ?? getChainId(chainClient),
  ])
  const provider = await getProvider(chainClient, { contracts, provider: offer.provider })
  if (provider?.sealKey === undefined) {
    throw new ComputeError({
      problem: `The provider ${offer.provider} of offer ${offerId} has no public key to seal a request to.`,
      remedy:
        'Rent without a request, take another offer, or have the provider set one (setProviderMetadata).',
    })
  }
  return sealRequest({ contracts, chainId, payer, offerId, to: provider.sealKey, request, accessPublicKey })
}

function payerOf(client: Client | SmartAccountClient, { account }: SealRentalRequestParameters): Address {
  const given = account ?? client.account
  const address = typeof given === 'string' ? given : given?.address
  if (address !== undefined) return address
  throw new ComputeError({
    problem: 'A request is sealed for the account that rents, and there is none.',
    remedy: 'Create the client with `account`, or give `account` to this action.',
  })
}
