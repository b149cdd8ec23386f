// What a renter asks for: read from the chain and opened, never kept on the disk. Its hash with the lease's terms tells two
// leases apart that a reorg gave the same number.

import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { readRequestLog } from '@worldland-aa/sdk/actions/lease/readLeaseLog'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type OpenRequestReturnType, openRequest } from '@worldland-aa/sdk/sealing/sealedRequest'
import { concat, type Hex, keccak256, type PublicClient, stringToHex } from 'viem'
import { type FrozenLease, frozenTermsOf } from './frozenTerms.ts'

export type LeaseRequest = {
  /** Of the lease that it came with. */
  readonly frozenTerms: string
  readonly terms: Hex
  readonly opened: OpenRequestReturnType
}

export type ReadRequest = (
  lease: FrozenLease & Pick<Lease, 'leaseId' | 'blockNumber'>,
  fromBlock: bigint,
) => Promise<LeaseRequest>

export function createRequestReader(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly chainId: number
  readonly privateKeys: readonly Hex[]
}): ReadRequest {
  const { client, contracts, chainId, privateKeys } = options
  return async (lease, fromBlock) => {
    const { leaseId, payer, offerId, blockNumber } = lease
    const sealedRequest =
      (await readRequestLog(client, { contracts, leaseId, fromBlock, blockNumber })) ?? '0x'
    const frozenTerms = frozenTermsOf(lease)
    return {
      frozenTerms,
      terms: keccak256(concat([stringToHex(frozenTerms), sealedRequest])),
      opened: openRequest({ contracts, chainId, payer, offerId, sealedRequest, privateKeys }),
    }
  }
}
