// Takes a usage right out of force, with all that grew from it.
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

export type RevokeRightParameters = BatchParameters & {
  readonly rightId: bigint
}
/** The user operation's hash. */
export type RevokeRightReturnType = BatchReturnType
export type RevokeRightErrorType = BatchErrorType

/**
 * Revokes a right at once, and every right granted from it. The sender owns it or one above it. Vouchers
 * signed before stay payable for an hour of blocks. Root rights cannot be revoked.
 *
 * @example
 * import { revokeRight } from '@worldland-aa/sdk/actions/rights/revokeRight'
 *
 * const hash = await revokeRight(smartAccountClient, { contracts, rightId })
 */
export async function revokeRight(
  client: SmartAccountClient,
  parameters: RevokeRightParameters,
): Promise<RevokeRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: revokeRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
revokeRight.calls = (
  parameters: WithContracts & Omit<RevokeRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, rightId } = parameters
  return [
    toCall(contracts.usageRights, { abi: [usageRights.revoke], functionName: 'revoke', args: [rightId] }),
  ]
}
