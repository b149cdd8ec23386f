// Gives part of a usage right to somebody else: of a root right, or (a sub-grant) of a right that was granted
// itself.
import { type Address, type Hex, zeroHash } from 'viem'
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
import { type RightAct, toActBits } from './rightActs.ts'

export type GrantRightParameters = BatchParameters & {
  /** The right to grant from: `rootRightOf(…)`, or one that was granted to the sender. */
  readonly parentId: bigint
  /** Who receives the new right. */
  readonly to: Address
  /** What the new right may do; all of it among what its parent may. */
  readonly acts: readonly RightAct[]
  /** The most token wei that may be spent through it, at most what its parent has left. Default: nothing. */
  readonly budgetWei?: bigint | undefined
  /** Last second, since 1970, in which it is in force; at most its parent's. */
  readonly expiresAtTimestamp: number
  /** The one endpoint it reaches. Default: all that its parent reaches. */
  readonly endpointHash?: Hex | undefined
}
/** The user operation's hash; `RightGranted` (see `waitForComputeEvent`) names the new right. */
export type GrantRightReturnType = BatchReturnType
export type GrantRightErrorType = BatchErrorType

/**
 * Grants part of a usage right: never more than the right has, for never longer. The rights of a lease or
 * session form a tree whose root `rootRightOf` names; granting from a child is a sub-grant. The sender owns
 * the parent, which has no less to spend for it: a budget is a limit, and who comes first spends it.
 *
 * @example
 * import { grantRight } from '@worldland-aa/sdk/actions/rights/grantRight'
 * import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
 * import { parseEther } from 'viem'
 *
 * const hash = await grantRight(smartAccountClient, {
 *   contracts,
 *   parentId: rootRightOf({ market: contracts.instanceLease, agreementId: leaseId }),
 *   to: colleague,
 *   acts: ['use', 'extend'],
 *   budgetWei: parseEther('0.1'),
 *   expiresAtTimestamp: Math.floor(Date.now() / 1000) + 3600,
 * })
 */
export async function grantRight(
  client: SmartAccountClient,
  parameters: GrantRightParameters,
): Promise<GrantRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: grantRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
grantRight.calls = (
  parameters: WithContracts & Omit<GrantRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const {
    contracts,
    parentId,
    to,
    acts,
    budgetWei = 0n,
    expiresAtTimestamp,
    endpointHash = zeroHash,
  } = parameters
  return [
    toCall(contracts.usageRights, {
      abi: [usageRights.grant],
      functionName: 'grant',
      args: [{ parentId, to, budgetWei, expires: expiresAtTimestamp, acts: toActBits(acts), endpointHash }],
    }),
  ]
}
