// Hands a buyer the key to a model's artifacts, sealed so that the buyer alone can open it.
import * as modelNft from '../../abi/modelNft.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { SealedKey } from './sealKey.ts'
import { type UntilReleasableErrorType, untilReleasable } from './untilReleasable.ts'

export type ReleaseModelKeyParameters = BatchParameters & {
  readonly purchaseId: bigint
  /** From `sealKey`. */
  readonly sealed: SealedKey
}
/** The user operation's hash. */
export type ReleaseModelKeyReturnType = BatchReturnType
export type ReleaseModelKeyErrorType = UntilReleasableErrorType | BatchErrorType

/**
 * Releases the key of a paid purchase, once the payment is so deep that no ordinary reorganisation takes it back (some
 * blocks: it waits). The seller seals it beforehand (`sealKey`) to the public key in `PurchasePaid`. Sends nothing where
 * a refund could overtake it.
 *
 * @example
 * import { releaseModelKey } from '@worldland-aa/sdk/actions/model/releaseModelKey'
 * import { sealKey } from '@worldland-aa/sdk/actions/model/sealKey'
 *
 * const hash = await releaseModelKey(smartAccountClient, {
 *   contracts,
 *   purchaseId,
 *   sealed: sealKey({ key, buyerKey }),
 * })
 */
export async function releaseModelKey(
  client: SmartAccountClient,
  parameters: ReleaseModelKeyParameters,
): Promise<ReleaseModelKeyReturnType> {
  await untilReleasable(chainClientOf(client), parameters)
  return await sendBatch(client, { ...parameters, calls: releaseModelKey.calls(parameters) })
}

/** The calls alone, for a batch of one's own: which waits for nothing. */
releaseModelKey.calls = (
  parameters: WithContracts & Omit<ReleaseModelKeyParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, purchaseId, sealed } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.release],
      functionName: 'release',
      args: [purchaseId, sealed.sellerKey, sealed.sealedKey],
    }),
  ]
}
