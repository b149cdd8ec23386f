// A provider hands a machine over to its renter alone; the meter starts.
import type { Client, GetChainIdErrorType } from 'viem'
import { getChainId } from 'viem/actions'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import { type ReadLeaseLogErrorType, readRequestLog } from '../actions/lease/readLeaseLog.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { chainClientOf } from '../clients/chainClientOf.ts'
import { ComputeError } from '../errors/computeError.ts'
import type { LeaseAccess } from '../sealing/leaseAccess.ts'
import { readPublishedRequest } from '../sealing/publishedRequest.ts'
import { readyLease } from './readyLease.ts'

export type HandOverLeaseParameters = WithContracts & {
  readonly leaseId: bigint
  /** At most some 970 bytes as JSON. */
  readonly access: LeaseAccess
  /** Where to begin to look for the request, at most where the lease was opened. Default: the first block. */
  readonly fromBlock?: bigint | undefined
}
export type HandOverLeaseReturnType = SendCallsReturnType
export type HandOverLeaseErrorType = SendCallsErrorType | ReadLeaseLogErrorType | GetChainIdErrorType

/**
 * Seals the access to the key that came with the lease and declares the machine ready.
 *
 * @example
 * import { handOverLease } from '@worldland-aa/sdk/provider/handOverLease'
 *
 * await handOverLease(walletClient, {
 *   contracts,
 *   leaseId: 1n,
 *   access: { ssh: { host: 'gpu7.provider.example', port: 22_007, user: 'renter' } },
 * })
 */
export async function handOverLease(
  client: AccountClient,
  parameters: HandOverLeaseParameters,
): Promise<HandOverLeaseReturnType> {
  const { contracts, leaseId, access } = parameters
  const chainClient = chainClientOf(client as Client)
  const [request = '0x', chainId] = await Promise.all([
    readRequestLog(chainClient, parameters),
    chainClient.chain?.id ?? getChainId(chainClient),
  ])
  const { accessPublicKey: to } = readPublishedRequest(request)
  if (to === undefined) {
    throw new ComputeError({
      problem: `Lease ${leaseId} came without a key to seal its access to.`,
      remedy:
        'Hand it over by readyLease with what everybody may read, or let it lapse, which refunds its payer.',
    })
  }
  // Whoever only reads and sends loads no cryptography.
  const { sealAccess } = await import('../sealing/sealedAccess.ts')
  const sealed = sealAccess({ contracts, chainId, leaseId, to, access })
  return await sendCalls(client, {
    contracts,
    calls: readyLease.calls({ contracts, leaseId, access: sealed }),
  })
}
