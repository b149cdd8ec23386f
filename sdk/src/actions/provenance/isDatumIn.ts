// Whether a datum belongs to a tree, without asking the chain.
import type { Hex } from 'viem'
import { type Datum, leafOf } from './createDataTree.ts'
import { provesLeaf } from './merkleTree.ts'

export type IsDatumInParameters = {
  /** A record's `datasetRoot` or `resultRoot`. */
  readonly root: Hex
  readonly datum: Datum
  /** From `createDataTree(…).proofOf`. */
  readonly proof: readonly Hex[]
}
export type IsDatumInReturnType = boolean

/**
 * Returns whether a datum belongs to a tree, as the contract would say.
 *
 * @example
 * import { isDatumIn } from '@worldland-aa/sdk/actions/provenance/isDatumIn'
 * import { getTrainingRecord } from '@worldland-aa/sdk/actions/provenance/getTrainingRecord'
 *
 * const { statement } = await getTrainingRecord(publicClient, { contracts, recordId })
 * const belongs = isDatumIn({ root: statement.datasetRoot, datum: chunk, proof })
 */
export function isDatumIn({ root, datum, proof }: IsDatumInParameters): IsDatumInReturnType {
  return provesLeaf({ root, leaf: leafOf(datum), proof })
}
