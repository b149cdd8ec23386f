// Gives a lease credit, which the holders of its rights may turn into time.
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
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type FundLeaseParameters = BatchParameters & {
  readonly leaseId: bigint
  /** Token wei. */
  readonly amountWei: bigint
}
/** The user operation's hash. */
export type FundLeaseReturnType = BatchReturnType
export type FundLeaseErrorType = BatchErrorType

/**
 * Funds a lease: approves and pays the amount into its escrow, where it raises the root right's budget.
 * Anybody may do it; what is not used goes back to the lease's payer.
 *
 * @example
 * import { fundLease } from '@worldland-aa/sdk/actions/lease/fundLease'
 * import { parseEther } from 'viem'
 *
 * const hash = await fundLease(smartAccountClient, { contracts, leaseId, amountWei: parseEther('0.1') })
 */
export async function fundLease(
  client: SmartAccountClient,
  parameters: FundLeaseParameters,
): Promise<FundLeaseReturnType> {
  return await sendBatch(client, { ...parameters, calls: fundLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
fundLease.calls = (
  parameters: WithContracts & Omit<FundLeaseParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, leaseId, amountWei } = parameters
  return [
    approveCall({ token: contracts.token, spender: contracts.instanceLease, amountWei: amountWei }),
    toCall(contracts.instanceLease, {
      abi: [instanceLease.fund],
      functionName: 'fund',
      args: [leaseId, amountWei],
    }),
  ]
}
