// Lets somebody else, such as a marketplace, grant from, lend, revoke or transfer a right.
import type { Address } from 'viem'
import * as usageRights from '../../abi/usageRights.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type ApproveRightParameters = BatchParameters & {
  readonly rightId: bigint
  /** Who may act for it from now on. */
  readonly operator: Address
}
/** The user operation's hash. */
export type ApproveRightReturnType = BatchReturnType
export type ApproveRightErrorType = BatchErrorType

/**
 * Approves one address for a right (ERC-721); the zero address takes that back. The sender owns the right.
 *
 * @example
 * import { approveRight } from '@worldland-aa/sdk/actions/rights/approveRight'
 *
 * const hash = await approveRight(smartAccountClient, { contracts, rightId, operator: marketplace })
 */
export async function approveRight(
  client: SmartAccountClient,
  parameters: ApproveRightParameters,
): Promise<ApproveRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: approveRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
approveRight.calls = (
  parameters: WithContracts & Omit<ApproveRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, rightId, operator } = parameters
  return [
    toCall(contracts.usageRights, {
      abi: [usageRights.approve],
      functionName: 'approve',
      args: [operator, rightId],
    }),
  ]
}
