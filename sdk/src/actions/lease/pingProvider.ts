// Asks the provider of a running lease for a sign of life, against a deposit.
import type { Client, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as instanceLease from '../../abi/instanceLease.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type PingProviderParameters = BatchParameters & { readonly leaseId: bigint }
export type PingProviderReturnType = BatchReturnType
export type PingProviderErrorType = ReadContractErrorType | BatchErrorType

/**
 * Pings the provider: it must answer within the market's `pongBlocks`, or `claimFault` ends the lease at the
 * ping and slashes its bond. The deposit goes to the provider if it answers, else it comes back.
 *
 * @example
 * import { pingProvider } from '@worldland-aa/sdk/actions/lease/pingProvider'
 *
 * const hash = await pingProvider(smartAccountClient, { contracts, leaseId })
 */
export async function pingProvider(
  client: SmartAccountClient,
  parameters: PingProviderParameters,
): Promise<PingProviderReturnType> {
  const { leaseId, ...batch } = parameters
  const { contracts } = batch
  const { pingDepositWei } = await readContract(chainClientOf(client) as Client, {
    address: contracts.instanceLease,
    abi: [instanceLease.parameters],
    functionName: 'parameters',
  })
  return await sendBatch(client, {
    ...batch,
    calls: pingProvider.calls({ contracts, leaseId, pingDepositWei }),
  })
}

/** The calls alone, for a batch of one's own. */
pingProvider.calls = (
  parameters: WithContracts & { readonly leaseId: bigint; readonly pingDepositWei: bigint },
): readonly Call[] => {
  const { contracts, leaseId, pingDepositWei } = parameters
  return [
    approveCall({ token: contracts.token, spender: contracts.instanceLease, amountWei: pingDepositWei }),
    toCall(contracts.instanceLease, { abi: [instanceLease.ping], functionName: 'ping', args: [leaseId] }),
  ]
}
