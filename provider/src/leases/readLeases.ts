// Leases as the chain has them at one block.
import * as instanceLease from '@worldland-aa/sdk/abi/instanceLease'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import {
  type Address,
  BaseError,
  ContractFunctionZeroDataError,
  isAddressEqual,
  type PublicClient,
} from 'viem'

export type LeaseReader = {
  /** Undefined: there is none under the number, or it is another provider's. */
  read(leaseId: bigint, blockNumber: bigint): Promise<Lease | undefined>
  count(blockNumber: bigint): Promise<bigint>
  /** Which of these, both ends included, are this provider's. */
  mine(range: { readonly from: bigint; readonly to: bigint }, blockNumber: bigint): Promise<readonly bigint[]>
}

/** Questions asked side by side; the client packs them into few requests. */
const chunk = 200

export function createLeaseReader(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly provider: Address
}): LeaseReader {
  const { client, contracts, provider } = options
  const address = contracts.instanceLease

  async function isMine(leaseId: bigint, blockNumber: bigint): Promise<boolean> {
    const [, owner] = await client.readContract({
      ...{ address, blockNumber },
      abi: [instanceLease.partiesOf],
      functionName: 'partiesOf',
      args: [leaseId],
    })
    return isAddressEqual(owner, provider)
  }

  return {
    async read(leaseId, blockNumber) {
      try {
        const lease = await getLease(client, { contracts, leaseId, blockNumber })
        return isAddressEqual(lease.provider, provider) ? lease : undefined
      } catch (error) {
        if (error instanceof ComputeError && error.errorName === 'UnknownLease') return undefined
        throw error
      }
    },
    async count(blockNumber) {
      try {
        return await client.readContract({
          ...{ address, blockNumber },
          abi: [instanceLease.leaseCount],
          functionName: 'leaseCount',
        })
      } catch (error) {
        // The market is younger than the block.
        if (error instanceof BaseError && error.walk(isZeroData) !== null) return 0n
        throw error
      }
    },
    async mine({ from, to }, blockNumber) {
      const found: bigint[] = []
      for (let first = from; first <= to; first += BigInt(chunk)) {
        const ids = Array.from({ length: chunk }, (_, index) => first + BigInt(index)).filter(id => id <= to)
        const answers = await Promise.all(ids.map(id => isMine(id, blockNumber)))
        found.push(...ids.filter((_, index) => answers[index]))
      }
      return found
    },
  }
}

function isZeroData(error: unknown): boolean {
  return error instanceof ContractFunctionZeroDataError
}
