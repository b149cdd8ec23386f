// What came out of a training, as its record commits to it: each file is an artifact of the result's tree, and so is the
// list of them, which says how each is called and whether the machine made it or the payer added it afterwards.
import { type Hex, keccak256, stringToBytes } from 'viem'
import { merkleNodes, merkleProof } from '../actions/provenance/merkleTree.ts'
import { ComputeError } from '../errors/computeError.ts'

export type ListedFile = {
  /** From the folder of results, with `/` between. */
  readonly path: string
  readonly sizeBytes: number
  readonly chunkBytes: number
  /** `keccak256` of all of it: `hashDatum`. */
  readonly hash: Hex
  /** By chunks of that size: `fileRoot`, for `downloadFile`. */
  readonly root: Hex
  /** `made`: the provider found it when the training had ended; `added`: the payer gave it, such as an encrypted copy. */
  readonly origin: 'made' | 'added'
}

export type ResultListing = { readonly files: readonly ListedFile[] }

/** The same bytes for the same files, whoever writes them. */
export function encodeListing({ files }: ResultListing): Uint8Array {
  const ordered = [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, sizeBytes, chunkBytes, hash, root, origin }) => ({
      ...{ path, sizeBytes, chunkBytes },
      hash: hash.toLowerCase(),
      root: root.toLowerCase(),
      origin,
    }))
  return stringToBytes(JSON.stringify({ worldland: 'result/1', files: ordered }))
}

export type ResultTree = {
  /** For a statement's `resultRoot`. */
  readonly root: Hex
  /** Proof that a file of this hash is an artifact, for `verifyArtifact` and for `mintModel`'s seal. */
  readonly proofOf: (hash: Hex) => readonly Hex[]
}

/**
 * Builds the tree of a result from its listing, without the files: it is the one that `createDataTree` builds of them and of
 * `encodeListing`.
 *
 * @example
 * import { createResultTree } from '@worldland-aa/sdk/serving/resultListing'
 *
 * const { root, proofOf } = createResultTree(run.listing)
 * const sealProof = proofOf(keccak256(modelSeal({ creator, keyHash })))
 */
export function createResultTree(listing: ResultListing): ResultTree {
  const hashes = [...listing.files.map(({ hash }) => hash), keccak256(encodeListing(listing))]
  const nodes = merkleNodes(hashes.map(hash => keccak256(hash)))
  return {
    root: nodes[0] as Hex,
    proofOf(hash) {
      const place = nodes.lastIndexOf(keccak256(hash))
      if (place >= hashes.length - 1) return merkleProof(nodes, place)
      throw new ComputeError({
        problem: `No artifact of this result has the hash ${hash}.`,
        remedy: 'Ask for keccak256 of a file of the listing, or of the listing itself.',
      })
    },
  }
}
