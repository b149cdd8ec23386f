// Hashes a file on its way into a store, so that what is stated of it is what was stored.
import { segmentsOf } from '@worldland-aa/sdk/serving/byteSource'
import { createKeccakStream } from '@worldland-aa/service/crypto/keccakStream'
import { hashBytes } from './fileRoot.ts'
import { hashPatiently } from './hashPatiently.ts'

export type FileHashes = {
  /** `keccak256` of each chunk, in order. */
  readonly chunkHashes: Uint8Array
  /** Of all of it. */
  readonly contentHash: Uint8Array
}

export type HashedPassage = {
  /** The same bytes, a chunk at a time. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Once they have all passed. */
  hashes(): FileHashes
}

export async function hashWhilePassing(options: {
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly bytes: AsyncIterable<Uint8Array>
}): Promise<HashedPassage> {
  const { sizeBytes, chunkBytes, bytes } = options
  const whole = await createKeccakStream()
  const chunkHashes = new Uint8Array(Math.ceil(sizeBytes / chunkBytes) * hashBytes)
  let passed = 0

  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of segmentsOf(bytes, { first: chunkBytes, next: chunkBytes })) {
      passed += chunk.bytes.length
      if (passed > sizeBytes) throw new Error(`More bytes came than the ${sizeBytes} that were announced`)
      if (chunk.bytes.length === 0) return
      chunkHashes.set(await hashPatiently(chunk.bytes, whole), chunk.index * hashBytes)
      yield chunk.bytes
    }
  }

  return {
    bytes: pass(),
    hashes() {
      if (passed !== sizeBytes) throw new Error(`${passed} bytes came of ${sizeBytes}`)
      return { chunkHashes, contentHash: whole.digest() }
    },
  }
}
