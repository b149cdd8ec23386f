// A file's root, as the SDK's `fileRoot` says it, computed where many large files are: in WASM, on bytes. A test holds the
// two against each other.
import { encodeManifest } from '@worldland-aa/sdk/serving/fileManifest'
import { hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import type { Hex } from 'viem'

export const hashBytes = 32

/** `chunkHashes`: 32 bytes each, in the file's order. */
export function rootOfFile(file: {
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly chunkHashes: Uint8Array
}): Hex {
  const { sizeBytes, chunkBytes, chunkHashes } = file
  const count = chunkHashes.length / hashBytes
  const hashes = Array.from({ length: count }, (_, at) => hashAt(chunkHashes, at))
  const manifest = encodeManifest({ sizeBytes, chunkBytes, chunkHashes })
  return rootOfData([...hashes, keccak256(manifest)])
}

/** As `createDataTree` builds it, from `keccak256` of each datum. */
export function rootOfData(hashes: readonly Uint8Array[]): Hex {
  const leaves = hashes.map(keccak256).sort(Buffer.compare)
  const nodes = new Array<Uint8Array>(2 * leaves.length - 1)
  for (const [at, leaf] of leaves.entries()) nodes[nodes.length - 1 - at] = leaf
  const pair = new Uint8Array(2 * hashBytes)
  for (let at = leaves.length - 2; at >= 0; at--) {
    const [left, right] = [nodes[2 * at + 1] as Uint8Array, nodes[2 * at + 2] as Uint8Array]
    const isAscending = Buffer.compare(left, right) < 0
    pair.set(isAscending ? left : right)
    pair.set(isAscending ? right : left, hashBytes)
    nodes[at] = keccak256(pair)
  }
  return hexOf(nodes[0] as Uint8Array)
}

export function hashAt(chunkHashes: Uint8Array, at: number): Uint8Array {
  return chunkHashes.subarray(at * hashBytes, (at + 1) * hashBytes)
}
