// Commits to a dataset, or to a training's artifacts, by one hash, so that any part of it can be proven
// later.
import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import { type ByteArray, type Hex, keccak256 } from 'viem'

/** One datum (a file, a row, a chunk) or artifact. */
export type Datum = ByteArray | Hex

export type DataTree = {
  /** For a statement's `datasetRoot` or `resultRoot`. */
  readonly root: Hex
  /** How many data there are. */
  readonly size: number
  /** Proof that a datum belongs to the tree, for `verifyDatum` and its siblings; throws when it does not. */
  readonly proofOf: (datum: Datum) => readonly Hex[]
}

/**
 * Builds the Merkle tree that `TrainingRecord` understands: leaves are `keccak256(keccak256(datum))`, so that
 * no inner node can pass for one, and pairs are sorted. The order of the data does not matter.
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
 * import { splitIntoChunks } from '@worldland-aa/sdk/actions/provenance/splitIntoChunks'
 *
 * const chunks = splitIntoChunks(await readFile('dataset.jsonl'), { chunkBytes: 4096 })
 * const tree = createDataTree(chunks)
 * const proofs = chunks.map(chunk => tree.proofOf(chunk))
 */
export function createDataTree(data: Iterable<Datum>): DataTree {
  const leaves = Array.from(data, leafOf)
  const tree = SimpleMerkleTree.of(leaves)
  return {
    root: tree.root as Hex,
    size: leaves.length,
    proofOf: datum => tree.getProof(leafOf(datum)) as Hex[],
  }
}

/** The hash that the contract is asked about. */
export function hashDatum(datum: Datum): Hex {
  return keccak256(datum)
}

export function leafOf(datum: Datum): Hex {
  return keccak256(hashDatum(datum))
}
