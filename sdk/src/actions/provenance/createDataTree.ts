// Commits to a dataset, or to a training's artifacts, by one hash, so that any part of it can be proven
// later.
import { type ByteArray, type Hex, keccak256 } from 'viem'
import { ComputeError } from '../../errors/computeError.ts'
import { merkleNodes, merkleProof } from './merkleTree.ts'

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
  if (leaves.length === 0) {
    throw new ComputeError({
      problem: 'There are no data to build a tree of.',
      remedy: 'Give at least one file, row or chunk.',
    })
  }
  const nodes = merkleNodes(leaves)
  const places = new Map(nodes.map((node, at) => [node, at]))
  return {
    root: nodes[0] as Hex,
    size: leaves.length,
    proofOf: datum => {
      const place = places.get(leafOf(datum))
      if (place !== undefined) return merkleProof(nodes, place)
      throw new ComputeError({
        problem: 'This datum does not belong to the tree.',
        remedy: 'Ask for one of the data that the tree was built of, cut the same way.',
      })
    },
  }
}

/** The hash that the contract is asked about. */
export function hashDatum(datum: Datum): Hex {
  return keccak256(datum)
}

export function leafOf(datum: Datum): Hex {
  return keccak256(hashDatum(datum))
}
