// What a renter asks for: read from the chain and opened, never kept on the disk. Its hash with the lease's terms tells two
// leases apart that a reorg gave the same number.

import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { readRequestLog } from '@worldland-aa/sdk/actions/lease/readLeaseLog'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type OpenRequestReturnType, openRequest } from '@worldland-aa/sdk/sealing/sealedRequest'
import { encodePacked, type Hex, keccak256, type PublicClient } from 'viem'

export type LeaseRequest = { readonly terms: Hex; readonly opened: OpenRequestReturnType }

export type ReadRequest = (
  lease: Pick<Lease, 'leaseId' | 'payer' | 'offerId' | 'units' | 'imageDigest' | 'blockNumber'>,
  fromBlock: bigint,
) => Promise<LeaseRequest>

export function createRequestReader(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly chainId: number
  readonly privateKeys: readonly Hex[]
}): ReadRequest {
  const { client, contracts, chainId, privateKeys } = options
  return async ({ leaseId, payer, offerId, units, imageDigest, blockNumber }, fromBlock) => {
    const sealedRequest =
      (await readRequestLog(client, { contracts, leaseId, fromBlock, blockNumber })) ?? '0x'
    const parts = [payer, offerId, units, imageDigest, sealedRequest] as const
    const terms = keccak256(encodePacked(['address', 'uint256', 'uint32', 'bytes32', 'bytes'], parts))
    return { terms, opened: openRequest({ contracts, chainId, payer, offerId, sealedRequest, privateKeys }) }
  }
}
