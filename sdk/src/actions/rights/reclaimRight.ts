// Gives what a dead right did not spend back to the right above it.
import { usageRightsAbi } from '../../abi/usageRights.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type ReclaimRightParameters = BatchParameters & {
  readonly rightId: bigint
}
/** The user operation's hash. */
export type ReclaimRightReturnType = BatchReturnType
export type ReclaimRightErrorType = BatchErrorType

/**
 * Reclaims the unspent budget of a right that is revoked or expired and no longer honoured. Anybody may do
 * it.
 *
 * @example
 * import { reclaimRight } from '@worldland-aa/sdk/actions/rights/reclaimRight'
 *
 * const hash = await reclaimRight(smartAccountClient, { contracts, rightId })
 */
export async function reclaimRight(
  client: SmartAccountClient,
  parameters: ReclaimRightParameters,
): Promise<ReclaimRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: reclaimRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
reclaimRight.calls = (
  parameters: WithContracts & Omit<ReclaimRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, rightId } = parameters
  return [toCall(contracts.usageRights, { abi: usageRightsAbi, functionName: 'reclaim', args: [rightId] })]
}
