// How a training was started, as its record commits to it.
import { type Hex, keccak256, stringToBytes } from 'viem'

export type TrainingConfig = {
  readonly command: readonly string[]
  /** `keccak256` of the file of settings; undefined where there was none. */
  readonly configFileHash?: Hex | undefined
}

/**
 * The statement's `configHash`: of the command and of the file of settings.
 *
 * @example
 * import { hashTrainingConfig } from '@worldland-aa/sdk/serving/trainingConfig'
 *
 * const configHash = hashTrainingConfig({ command: ['python3', 'code/train.py'] })
 */
export function hashTrainingConfig({ command, configFileHash }: TrainingConfig): Hex {
  const config = { worldland: 'config/1', command, config: configFileHash?.toLowerCase() ?? null }
  return keccak256(stringToBytes(JSON.stringify(config)))
}
