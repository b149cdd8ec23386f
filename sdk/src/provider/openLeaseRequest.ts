// A provider reads what a renter asks for, before it accepts.
import type { Client, GetChainIdErrorType, Hex } from 'viem'
import { getChainId } from 'viem/actions'
import { type GetLeaseErrorType, getLease } from '../actions/lease/getLease.ts'
import { type ReadLeaseLogErrorType, readRequestLog } from '../actions/lease/readLeaseLog.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { chainClientOf } from '../clients/chainClientOf.ts'
import type { OpenRequestReturnType } from '../sealing/sealedRequest.ts'

export type OpenLeaseRequestParameters = WithContracts & {
  readonly leaseId: bigint
  /** The provider's sealing keys, newest first: keep the old ones for what was sealed before. */
  readonly privateKeys: readonly Hex[]
  /** Where to begin to look, at most where the lease was opened. Default: the first block. */
  readonly fromBlock?: bigint | undefined
}
/** `accessPublicKey`: what to seal the access to; undefined if the renter named none. */
export type OpenLeaseRequestReturnType = OpenRequestReturnType
export type OpenLeaseRequestErrorType = GetLeaseErrorType | ReadLeaseLogErrorType | GetChainIdErrorType

/**
 * Opens the request that came with a lease.
 *
 * @example
 * import { openLeaseRequest } from '@worldland-aa/sdk/provider/openLeaseRequest'
 *
 * const opened = await openLeaseRequest(walletClient, { contracts, leaseId: 1n, privateKeys: [sealingKey.privateKey] })
 * if (opened.ok) start(opened.request.image)
 */
export async function openLeaseRequest(
  client: Client,
  parameters: OpenLeaseRequestParameters,
): Promise<OpenLeaseRequestReturnType> {
  const { contracts, leaseId, privateKeys } = parameters
  const chainClient = chainClientOf(client)
  const [{ payer, offerId }, sealedRequest = '0x', chainId] = await Promise.all([
    getLease(chainClient, { contracts, leaseId }),
    readRequestLog(chainClient, parameters),
    chainClient.chain?.id ?? getChainId(chainClient),
  ])
  // Whoever only reads and sends loads no cryptography.
  const { openRequest } = await import('../sealing/sealedRequest.ts')
  return openRequest({ contracts, chainId, payer, offerId, sealedRequest, privateKeys })
}
