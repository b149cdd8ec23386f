// What a file is to a record: hashed as whoever kept it has, from the file alone.
import { keccak_256 } from '@noble/hashes/sha3'
import { bytesToHex, type Hex, keccak256 } from 'viem'
import { type ByteSource, segmentsOf } from './byteSource.ts'
import { fileRoot } from './fileManifest.ts'

export type HashFileParameters = {
  readonly source: ByteSource
  /** As it was uploaded with; of a result, as its listing says. */
  readonly chunkBytes: number
}
export type HashFileReturnType = {
  readonly sizeBytes: number
  /** `keccak256` of all of it. */
  readonly hash: Hex
  /** For a statement's `datasetRoot`, and what `uploadFile` returns. */
  readonly root: Hex
}

/**
 * Hashes a file piece by piece, however large. Whoever has the files of a training verifies its record with this alone.
 *
 * @example
 * import { hashFile } from '@worldland-aa/sdk/serving/hashFile'
 * import { createReadStream } from 'node:fs'
 *
 * const { root } = await hashFile({ source: createReadStream('train.jsonl'), chunkBytes: 4_194_304 })
 * const isTheDataset = root === record.statement.datasetRoot
 */
export async function hashFile({ source, chunkBytes }: HashFileParameters): Promise<HashFileReturnType> {
  const whole = keccak_256.create()
  const chunkHashes: Hex[] = []
  let sizeBytes = 0
  for await (const { bytes } of segmentsOf(source, { first: chunkBytes, next: chunkBytes })) {
    if (bytes.length === 0) break
    whole.update(bytes)
    chunkHashes.push(keccak256(bytes))
    sizeBytes += bytes.length
  }
  return {
    sizeBytes,
    hash: bytesToHex(whole.digest()),
    root: fileRoot({ sizeBytes, chunkBytes, chunkHashes }),
  }
}
