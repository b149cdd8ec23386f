// The root by which 0G's storage knows a file, computed while the bytes pass: chunks of 256 bytes, a tree of 1,024 of them
// for each segment, a tree of the segments; zeros fill it up to where 0G's flow pads a file. Follows 0G's own client
// (file/AbstractFile, MerkleTree); a test holds it against theirs.
import { type ByteSource, segmentsOf } from '@worldland-aa/sdk/serving/byteSource'
import { hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import type { Hex } from 'viem'

const chunkBytes = 256
const segmentChunks = 1_024
const segmentBytes = chunkBytes * segmentChunks

/** Of a file that is not empty: 0G stores none that is. */
export async function zeroGRoot(source: ByteSource): Promise<Hex> {
  const emptyChunk = keccak256(new Uint8Array(chunkBytes))
  const emptySegment = treeRoot(new Array<Uint8Array>(segmentChunks).fill(emptyChunk))
  const segments: Uint8Array[] = []
  let chunks = 0
  /** Of the last segment: how many it grows to is known once the file's length is. */
  let open: Uint8Array[] = []
  for await (const { bytes, isLast } of segmentsOf(source, { first: segmentBytes, next: segmentBytes })) {
    const leaves = chunkHashes(bytes)
    chunks += leaves.length
    if (isLast) open = leaves
    else segments.push(treeRoot(leaves))
  }
  if (chunks === 0) throw new Error('0G stores no empty file')
  let padding = paddedChunks(chunks) - chunks
  for (; padding > 0 && open.length < segmentChunks; padding -= 1) open.push(emptyChunk)
  segments.push(treeRoot(open))
  for (; padding >= segmentChunks; padding -= segmentChunks) segments.push(emptySegment)
  if (padding > 0) segments.push(treeRoot(new Array<Uint8Array>(padding).fill(emptyChunk)))
  return hexOf(treeRoot(segments))
}

/** To a sixteenth of the next power of two, so that little is stored in vain. */
function paddedChunks(chunks: number): number {
  const power = 2 ** Math.ceil(Math.log2(chunks))
  const step = Math.max(1, power / 16)
  return Math.ceil(chunks / step) * step
}

function chunkHashes(bytes: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = new Uint8Array(chunkBytes)
    chunk.set(bytes.subarray(at, at + chunkBytes))
    hashes.push(keccak256(chunk))
  }
  return hashes
}

/** Pairs from the left, level by level; whoever is left over goes up as it is. */
function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves
  const pair = new Uint8Array(64)
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Uint8Array, level[at + 1]]
      if (right === undefined) {
        above.push(left)
        continue
      }
      pair.set(left)
      pair.set(right, 32)
      above.push(keccak256(pair))
    }
    level = above
  }
  return level[0] as Uint8Array
}
