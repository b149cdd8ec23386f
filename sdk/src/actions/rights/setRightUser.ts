// Lends a usage right (ERC-4907): its user may do what the right may, but not pass it on.
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

export type SetRightUserParameters = BatchParameters & {
  readonly rightId: bigint
  /** The zero address: nobody. */
  readonly user: Address
  /** Last second, since 1970, of the use. */
  readonly expiresAtTimestamp: number
}
/** The user operation's hash. */
export type SetRightUserReturnType = BatchReturnType
export type SetRightUserErrorType = BatchErrorType

/**
 * Makes `user` the right's user until a moment; the zero address ends that. The sender owns the right.
 *
 * @example
 * import { setRightUser } from '@worldland-aa/sdk/actions/rights/setRightUser'
 *
 * const hash = await setRightUser(smartAccountClient, {
 *   contracts,
 *   rightId,
 *   user: guest,
 *   expiresAtTimestamp: Math.floor(Date.now() / 1000) + 600,
 * })
 */
export async function setRightUser(
  client: SmartAccountClient,
  parameters: SetRightUserParameters,
): Promise<SetRightUserReturnType> {
  return await sendBatch(client, { ...parameters, calls: setRightUser.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
setRightUser.calls = (
  parameters: WithContracts & Omit<SetRightUserParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, rightId, user, expiresAtTimestamp } = parameters
  return [
    toCall(contracts.usageRights, {
      abi: [usageRights.setUser],
      functionName: 'setUser',
      args: [rightId, user, BigInt(expiresAtTimestamp)],
    }),
  ]
}
