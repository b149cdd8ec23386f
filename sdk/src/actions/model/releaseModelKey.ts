// Hands a buyer the key to a model's artifacts, sealed so that the buyer alone can open it.
import { modelNftAbi } from '../../abi/modelNft.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { SealedKey } from './sealKey.ts'

export type ReleaseModelKeyParameters = BatchParameters & {
  readonly purchaseId: bigint
  /** From `sealKey`. */
  readonly sealed: SealedKey
}
/** The user operation's hash. */
export type ReleaseModelKeyReturnType = BatchReturnType
export type ReleaseModelKeyErrorType = BatchErrorType

/**
 * Releases the key of a paid purchase. The seller seals it beforehand (`sealKey`) to the public key in
 * `PurchasePaid`.
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
  return await sendBatch(client, { ...parameters, calls: releaseModelKey.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
releaseModelKey.calls = (
  parameters: WithContracts & Omit<ReleaseModelKeyParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, purchaseId, sealed } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: modelNftAbi,
      functionName: 'release',
      args: [purchaseId, sealed.sellerKey, sealed.sealedKey],
    }),
  ]
}
