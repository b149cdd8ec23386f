// Says which of several rights of one lease or session counts when somebody asks whether an account is
// authorized.
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

export type ChooseRightParameters = BatchParameters & {
  readonly rightId: bigint
}
/** The user operation's hash. */
export type ChooseRightReturnType = BatchReturnType
export type ChooseRightErrorType = BatchErrorType

/**
 * Chooses the right that `isAuthorized` looks at for the sender, who holds it. The first right received is
 * chosen by itself.
 *
 * @example
 * import { chooseRight } from '@worldland-aa/sdk/actions/rights/chooseRight'
 *
 * const hash = await chooseRight(smartAccountClient, { contracts, rightId })
 */
export async function chooseRight(
  client: SmartAccountClient,
  parameters: ChooseRightParameters,
): Promise<ChooseRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: chooseRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
chooseRight.calls = (
  parameters: WithContracts & Omit<ChooseRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, rightId } = parameters
  return [
    toCall(contracts.usageRights, {
      abi: [usageRights.chooseRight],
      functionName: 'chooseRight',
      args: [rightId],
    }),
  ]
}
