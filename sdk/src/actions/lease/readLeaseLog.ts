// Finds what was said of a lease once and is kept in the chain's log alone: the request that came with its opening,
// the access that came with its readiness.
import type { Client, GetContractEventsErrorType, Hex } from 'viem'
import { getContractEvents } from 'viem/actions'
import * as instanceLease from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'

export type ReadLeaseLogParameters = WithContracts & {
  readonly leaseId: bigint
  /**
   * Where to begin to look, for nodes that look through a limited number of blocks at once: the block in which the
   * lease was opened, or any before it. Default: the first.
   */
  readonly fromBlock?: bigint | undefined
  /** The block to read at. Default: the latest one. */
  readonly blockNumber?: bigint | undefined
}
export type ReadLeaseLogErrorType = GetContractEventsErrorType

/** Undefined: no request came with the lease. */
export async function readRequestLog(client: Client, parameters: ReadLeaseLogParameters) {
  const [log] = await getContractEvents(client, {
    ...filterOf(parameters),
    abi: [instanceLease.LeaseRequested],
    eventName: 'LeaseRequested',
    args: { leaseId: parameters.leaseId },
    strict: true,
  })
  return log?.args.request satisfies Hex | undefined
}

/** Undefined: it was never ready. */
export async function readAccessLog(client: Client, parameters: ReadLeaseLogParameters) {
  const [log] = await getContractEvents(client, {
    ...filterOf(parameters),
    abi: [instanceLease.LeaseReady],
    eventName: 'LeaseReady',
    args: { leaseId: parameters.leaseId },
    strict: true,
  })
  return log?.args.access satisfies Hex | undefined
}

function filterOf({ contracts, fromBlock = 0n, blockNumber }: ReadLeaseLogParameters) {
  return { address: contracts.instanceLease, fromBlock, toBlock: blockNumber ?? 'latest' } as const
}
