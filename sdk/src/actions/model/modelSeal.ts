// The artifact that binds a training's result to its creator and to the key it is encrypted with. Put it
// among the result's artifacts before the result's root is recorded: without it no model can be minted.
import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem'

export type ModelSealParameters = {
  /** Who will mint: the payer of the lease or session. */
  readonly creator: Address
  /** `hashModelKey(key)`; the zero hash for artifacts that are not encrypted. */
  readonly keyHash: Hex
}

/**
 * Returns the seal, an artifact of the result.
 *
 * @example
 * import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
 * import { hashModelKey, modelSeal } from '@worldland-aa/sdk/actions/model/modelSeal'
 *
 * const seal = modelSeal({ creator: account.address, keyHash: hashModelKey(key) })
 * const resultRoot = createDataTree([...encryptedArtifacts, seal]).root
 */
export function modelSeal({ creator, keyHash }: ModelSealParameters): Hex {
  return encodeAbiParameters(
    [{ type: 'string' }, { type: 'address' }, { type: 'bytes32' }],
    ['worldland.model.seal', creator, keyHash],
  )
}

/** What a model promises about its key, 32 bytes. */
export function hashModelKey(key: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }], [key]))
}
