// Makes a model of a training's result: once, by whoever paid for it, when both parties signed its record.
import { type Hex, zeroHash } from 'viem'
import * as modelNft from '../../abi/modelNft.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type MintModelParameters = BatchParameters & {
  readonly recordId: Hex
  /** Proof that `modelSeal({ creator, keyHash })` is an artifact of the result: `resultTree.proofOf(seal)`. */
  readonly sealProof: readonly Hex[]
  /** `hashModelKey(key)`. Default: the artifacts are not encrypted, so there is no key to sell. */
  readonly keyHash?: Hex | undefined
  /** Share of every sale that is royalty, in 1/10000; at most 5000. */
  readonly royaltyBps: number
  /** Share of its children's royalties that it asks for, in 1/10000. Default: 0. */
  readonly lineageBps?: number | undefined
  /** Models it was made from, at most 8, in any order. */
  readonly parents?: readonly bigint[] | undefined
  /** What `tokenURI` says; at most 512 bytes. */
  readonly uri?: string | undefined
}
/** The user operation's hash; `ModelMinted` names the model, whose id is the result's root. */
export type MintModelReturnType = BatchReturnType
export type MintModelErrorType = BatchErrorType

/**
 * Mints the result of a training as a model (ERC-721, ERC-2981) of the sender, who paid for the training.
 *
 * @example
 * import { mintModel } from '@worldland-aa/sdk/actions/model/mintModel'
 *
 * const hash = await mintModel(smartAccountClient, {
 *   contracts,
 *   recordId,
 *   keyHash,
 *   sealProof: resultTree.proofOf(seal),
 *   royaltyBps: 500,
 *   lineageBps: 1_000,
 * })
 */
export async function mintModel(
  client: SmartAccountClient,
  parameters: MintModelParameters,
): Promise<MintModelReturnType> {
  return await sendBatch(client, { ...parameters, calls: mintModel.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
mintModel.calls = (
  parameters: WithContracts & Omit<MintModelParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, recordId, sealProof, royaltyBps } = parameters
  const { keyHash = zeroHash, lineageBps = 0, parents = [], uri = '' } = parameters
  // The contract wants them ascending.
  const ascending = [...parents].sort((left, right) => (left < right ? -1 : 1))
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.mint],
      functionName: 'mint',
      args: [{ recordId, keyHash, royaltyBps, lineageBps, parents: ascending, uri }, sealProof],
    }),
  ]
}
