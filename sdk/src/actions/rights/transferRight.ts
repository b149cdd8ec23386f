// Hands a usage right over to another owner. Refunds go to the payer all the same.
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

export type TransferRightParameters = BatchParameters & {
  readonly rightId: bigint
  /** Its present owner. */
  readonly from: Address
  /** Its new owner. */
  readonly to: Address
}
/** The user operation's hash. */
export type TransferRightReturnType = BatchReturnType
export type TransferRightErrorType = BatchErrorType

/**
 * Transfers a right (ERC-721) from one owner to another; its user goes, the rights granted from it stay. The
 * sender owns it or is approved.
 *
 * @example
 * import { transferRight } from '@worldland-aa/sdk/actions/rights/transferRight'
 *
 * const hash = await transferRight(smartAccountClient, { contracts, rightId, from: seller, to: buyer })
 */
export async function transferRight(
  client: SmartAccountClient,
  parameters: TransferRightParameters,
): Promise<TransferRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: transferRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
transferRight.calls = (
  parameters: WithContracts & Omit<TransferRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, rightId, from, to } = parameters
  return [
    toCall(contracts.usageRights, {
      abi: [usageRights.transferFrom],
      functionName: 'transferFrom',
      args: [from, to, rightId],
    }),
  ]
}
