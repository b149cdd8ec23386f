// Whose a lease or session is, also when it has ended and no right to it is in force any more: results outlast the machine that
// made them.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { usageRightsAbi } from '@worldland-aa/sdk/abi/usageRights'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  isAddressEqual,
  type PublicClient,
} from 'viem'
import type { AgreementId } from './storedFile.ts'

export type RootOwners = {
  /** Throws where the node does not answer. */
  isOwner(agreement: AgreementId, user: Address): Promise<boolean>
  /** Of one that there is. */
  payerOf(agreement: AgreementId): Promise<Address>
}

const mostAgreementId = 2n ** 96n

export function createRootOwners(options: {
  readonly client: PublicClient
  readonly usageRights: Address
}): RootOwners {
  const { client, usageRights } = options
  return {
    async isOwner(agreement, user) {
      if (agreement.agreementId >= mostAgreementId) return false
      const question = { address: usageRights, abi: usageRightsAbi, functionName: 'ownerOf' } as const
      try {
        const owner = await client.readContract({ ...question, args: [rootRightOf(agreement)] })
        return isAddressEqual(owner, user)
      } catch (error) {
        const isRefused =
          error instanceof BaseError && error.walk(cause => cause instanceof ContractFunctionRevertedError)
        // There is no such lease or session.
        if (isRefused) return false
        throw error
      }
    },
    async payerOf({ market, agreementId }) {
      // Every market answers it alike.
      const question = { address: market, abi: instanceLeaseAbi, functionName: 'partiesOf' } as const
      const [payer] = await client.readContract({ ...question, args: [agreementId] })
      return payer
    },
  }
}
