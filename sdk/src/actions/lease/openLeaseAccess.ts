// Opens the access to a leased machine.
import type { Client, GetChainIdErrorType, Hex } from 'viem'
import { getChainId } from 'viem/actions'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { AccessKeyStore } from '../../sealing/accessKeyStore.ts'
import { readPublishedRequest } from '../../sealing/publishedRequest.ts'
import type { OpenAccessReturnType } from '../../sealing/sealedAccess.ts'
import type { SealingKey } from '../../sealing/sealingKey.ts'
import { type GetLeaseErrorType, getLease } from './getLease.ts'
import { readRequestLog } from './readLeaseLog.ts'

export type OpenLeaseAccessParameters = WithContracts & {
  readonly leaseId: bigint
  /** The key pair that the access was sealed to, or a store that has it. */
  readonly accessKey: Pick<SealingKey, 'privateKey'> | AccessKeyStore
  /** As `getLease` takes it. */
  readonly fromBlock?: bigint | undefined
}
/** `ok: false` with a sentence if the machine is not ready, the key is another one, or nothing is sealed. */
export type OpenLeaseAccessReturnType = OpenAccessReturnType
export type OpenLeaseAccessErrorType = GetLeaseErrorType | GetChainIdErrorType

/**
 * Reads a lease's access and opens it.
 *
 * @example
 * import { openLeaseAccess } from '@worldland-aa/sdk/actions/lease/openLeaseAccess'
 *
 * const opened = await openLeaseAccess(publicClient, { contracts, leaseId: 1n, accessKey: accessKeys })
 * console.log(opened.ok ? opened.access.ssh : opened.problem)
 */
export async function openLeaseAccess(
  client: Client | SmartAccountClient,
  parameters: OpenLeaseAccessParameters,
): Promise<OpenLeaseAccessReturnType> {
  const { contracts, leaseId, fromBlock } = parameters
  const chainClient = chainClientOf(client)
  const [lease, chainId] = await Promise.all([
    getLease(chainClient, { contracts, leaseId, fromBlock, withAccess: true }),
    chainClient.chain?.id ?? getChainId(chainClient),
  ])
  if (lease.access === undefined) {
    return {
      ok: false,
      problem: `Lease ${leaseId} is ${lease.state}: its machine has not been handed over.`,
      remedy: 'Wait for it by waitForAccess.',
    }
  }
  if (lease.access.kind === 'plain') {
    return {
      ok: false,
      problem: `The access to lease ${leaseId} is not sealed: everybody can read it.`,
      remedy: "Read it as getLease's `access.text`; next time give rentInstance a sealedRequest.",
    }
  }
  const privateKey = await privateKeyOf(chainClient, parameters)
  if (privateKey === undefined) {
    return {
      ok: false,
      problem: `The store has no access key of lease ${leaseId}.`,
      remedy: 'Open it where it was rented, or bring the key from there (accessKeyStore, keep).',
    }
  }
  // Whoever only reads and sends loads no cryptography.
  const { openAccess } = await import('../../sealing/sealedAccess.ts')
  return openAccess({ contracts, chainId, leaseId, sealedAccess: lease.access.bytes, privateKey })
}

async function privateKeyOf(
  client: Client,
  { accessKey, ...lease }: OpenLeaseAccessParameters,
): Promise<Hex | undefined> {
  if ('privateKey' in accessKey) return accessKey.privateKey
  const { accessPublicKey } = readPublishedRequest((await readRequestLog(client, lease)) ?? '0x')
  return accessPublicKey && (await accessKey.find(accessPublicKey))?.privateKey
}
