// Reads one lease and what it has cost so far, all at one block.
import type { Client, GetBlockNumberErrorType, ReadContractErrorType } from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import * as instanceLease from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { readPublishedAccess } from '../../sealing/publishedAccess.ts'
import { type Lease, toLease } from './lease.ts'
import { type ReadLeaseLogErrorType, readAccessLog } from './readLeaseLog.ts'

export type GetLeaseParameters = WithContracts & {
  readonly leaseId: bigint
  /** Whether to look up `access` in the chain's log as well, which is one more question. Default: false. */
  readonly withAccess?: boolean | undefined
  /** For `withAccess`: where to begin, at most where the lease was opened. Default: the first block. */
  readonly fromBlock?: bigint | undefined
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type GetLeaseReturnType = Lease
/** A `ComputeError` named `UnknownLease` when the id was never opened. */
export type GetLeaseErrorType =
  | ComputeError
  | GetBlockNumberErrorType
  | ReadContractErrorType
  | ReadLeaseLogErrorType

/**
 * Returns a lease: its state, its terms, and what it has cost so far.
 *
 * @example
 * import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
 *
 * const { state, costWei, refundWei } = await getLease(publicClient, { contracts, leaseId: 1n })
 */
export async function getLease(client: Client, parameters: GetLeaseParameters): Promise<GetLeaseReturnType> {
  const { contracts, leaseId } = parameters
  const chainClient = chainClientOf(client)
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const lease = {
    address: contracts.instanceLease,
    abi: [instanceLease.leaseOf, instanceLease.usedSecondsOf, instanceLease.costOf, instanceLease.refundOf],
    args: [leaseId],
    blockNumber,
  } as const
  const [struct, usedSeconds, costWei, refundWei, access] = await Promise.all([
    readContract(chainClient, { ...lease, functionName: 'leaseOf' }),
    readContract(chainClient, { ...lease, functionName: 'usedSecondsOf' }),
    readContract(chainClient, { ...lease, functionName: 'costOf' }),
    readContract(chainClient, { ...lease, functionName: 'refundOf' }),
    parameters.withAccess ? readAccessLog(chainClient, { ...parameters, blockNumber }) : undefined,
  ]).catch(throwComputeError)
  return toLease(struct, {
    leaseId,
    usedSeconds,
    costWei,
    refundWei,
    access: access && readPublishedAccess(access),
    blockNumber,
  })
}
