// What a file is made of, in order. A data tree sorts its leaves: it proves that a chunk belongs to a file, and not where.
// So the list of chunks is a datum of the file's tree itself, and the root commits to their order and to the size.
import { bytesToHex, concatBytes, type Hex, hexToBytes, keccak256, stringToBytes } from 'viem'
import { merkleNodes } from '../actions/provenance/merkleTree.ts'

export type FileManifest = {
  readonly sizeBytes: number
  /** Of every chunk but the last, which may be shorter. */
  readonly chunkBytes: number
  /** `keccak256` of each chunk, in the file's order. */
  readonly chunkHashes: readonly Hex[]
}

/** Bounds what is read, and hashed, of anybody's manifest. */
export const mostChunks = 65_536
export const leastChunkBytes = 4_096
export const mostChunkBytes = 16 * 1_048_576

const magic = stringToBytes('worldland.file/1')
const hashBytes = 32
const headerBytes = magic.length + 8 + 4

export function chunkCount(sizeBytes: number, chunkBytes: number): number {
  return Math.ceil(sizeBytes / chunkBytes)
}

/** `chunkHashes`: as text or, where there are many, 32 bytes each. */
export function encodeManifest(
  manifest: Omit<FileManifest, 'chunkHashes'> & { readonly chunkHashes: readonly Hex[] | Uint8Array },
): Uint8Array {
  const { sizeBytes, chunkBytes, chunkHashes } = manifest
  const header = new Uint8Array(headerBytes)
  header.set(magic)
  const view = new DataView(header.buffer)
  view.setBigUint64(magic.length, BigInt(sizeBytes))
  view.setUint32(magic.length + 8, chunkBytes)
  if (chunkHashes instanceof Uint8Array) return concatBytes([header, chunkHashes])
  return concatBytes([header, ...chunkHashes.map(hash => hexToBytes(hash))])
}

/** Undefined for whatever is no manifest, or one beyond the bounds. */
export function decodeManifest(bytes: Uint8Array): FileManifest | undefined {
  if (bytes.length < headerBytes || bytes.length > headerBytes + mostChunks * hashBytes) return undefined
  if (!magic.every((byte, at) => bytes[at] === byte)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const sizeBytes = Number(view.getBigUint64(magic.length))
  const chunkBytes = view.getUint32(magic.length + 8)
  if (!Number.isSafeInteger(sizeBytes) || chunkBytes < leastChunkBytes || chunkBytes > mostChunkBytes) {
    return undefined
  }
  const count = chunkCount(sizeBytes, chunkBytes)
  if (bytes.length !== headerBytes + count * hashBytes) return undefined
  const chunkHashes = Array.from({ length: count }, (_, index) => {
    const start = headerBytes + index * hashBytes
    return bytesToHex(bytes.subarray(start, start + hashBytes))
  })
  return { sizeBytes, chunkBytes, chunkHashes }
}

/**
 * The file's root, for a statement's `datasetRoot`: of the tree of its chunks and of its manifest. Who has a root, and a
 * manifest that leads to it, knows each chunk's place: no other manifest leads there, for it would have to name itself.
 *
 * @example
 * import { fileRoot } from '@worldland-aa/sdk/serving/fileManifest'
 *
 * const root = fileRoot({ sizeBytes: bytes.length, chunkBytes, chunkHashes: chunks.map(chunk => keccak256(chunk)) })
 */
export function fileRoot(manifest: FileManifest): Hex {
  return rootOfHashes([...manifest.chunkHashes, keccak256(encodeManifest(manifest))])
}

/** Of the tree that `createDataTree` builds, where the data are too large to be at hand: from `keccak256` of each. */
export function rootOfHashes(hashes: readonly Hex[]): Hex {
  return merkleNodes(hashes.map(hash => keccak256(hash)))[0] as Hex
}
