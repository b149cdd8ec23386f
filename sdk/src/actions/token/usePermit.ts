// Turns a signed permit into an allowance: for who signs, by whoever sends.
import * as computeToken from '../../abi/computeToken.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { SignedPermit } from './signPermit.ts'

export type UsePermitParameters = BatchParameters & {
  readonly permit: SignedPermit
}
/** The user operation's hash. */
export type UsePermitReturnType = BatchReturnType
export type UsePermitErrorType = BatchErrorType

/**
 * Hands in a permit from `signPermit`; afterwards its spender may pull the amount from its owner.
 *
 * @example
 * import { usePermit } from '@worldland-aa/sdk/actions/token/usePermit'
 *
 * const hash = await usePermit(smartAccountClient, { contracts, permit })
 */
export async function usePermit(
  client: SmartAccountClient,
  parameters: UsePermitParameters,
): Promise<UsePermitReturnType> {
  return await sendBatch(client, { ...parameters, calls: usePermit.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
usePermit.calls = (
  parameters: WithContracts & Omit<UsePermitParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, permit } = parameters
  return [
    toCall(contracts.token, {
      abi: [computeToken.permit],
      functionName: 'permit',
      args: [permit.owner, permit.spender, permit.amountWei, permit.deadline, permit.signature],
    }),
  ]
}
