// Files that come chunk by chunk, in any order, as often as a line breaks; and the moment in which one gets its root.

import type { Clock } from '@worldland-aa/service/clock'
import { hexOf } from '@worldland-aa/service/crypto/bytes'
import type { Hex } from 'viem'
import type { Outcome } from '../outcome.ts'
import type { FileBook } from './fileBook.ts'
import { type FileKeeper, newFileId } from './fileKeeper.ts'
import { hashPatiently } from './hashPatiently.ts'
import { type FileRefusal, refuse } from './refusal.ts'
import type { Staging } from './staging.ts'
import type { Agreement, StoredFile, UploadingFile } from './storedFile.ts'

export type WantedUpload = Agreement & {
  readonly name: string
  readonly sizeBytes: number
  readonly chunkBytes: number
}

/** First and last number of chunks that are not here. */
export type MissingChunks = readonly (readonly [number, number])[]

export type Uploads = {
  open(wanted: WantedUpload): Promise<Outcome<UploadingFile, FileRefusal>>
  /** On the disk before it resolves. Returns the chunk's hash. */
  take(file: UploadingFile, number: number, bytes: Uint8Array): Promise<Outcome<Hex, FileRefusal>>
  missing(file: UploadingFile): Promise<MissingChunks>
  /** Once every chunk is here; the root is computed of what is read again, and no chunk changes afterwards. */
  finish(file: UploadingFile, expectedRoot: Hex | undefined): Promise<Outcome<StoredFile, FileRefusal>>
}

/** Of ranges told at once. */
const mostRanges = 1_000

export function createUploads(options: {
  readonly book: FileBook
  readonly keeper: FileKeeper
  readonly staging: Staging
  /** From its opening, however busy it is. */
  readonly uploadSeconds: number
  readonly clock: Clock
}): Uploads {
  const { book, keeper, staging, clock } = options
  /** A file is put together once at a time. */
  const finishing = new Map<string, Promise<Outcome<StoredFile, FileRefusal>>>()

  async function finish(file: UploadingFile): Promise<Outcome<StoredFile, FileRefusal>> {
    const chunks = await book.chunks(file.id)
    const count = countOf(file)
    if (chunks.length !== count) {
      return refuse(409, `${count - chunks.length} of ${count} chunks are missing: send them first`)
    }
    const chunkHashes = new Uint8Array(Buffer.concat(chunks.map(({ hash }) => hash)))
    const stored = await keeper.store(file, { bytes: staging.read(file.id, file.sizeBytes), chunkHashes })
    if ('mismatch' in stored) {
      await book.dropChunk(file.id, stored.mismatch)
      return refuse(409, `Chunk ${stored.mismatch} was damaged on this provider's disk: send it again`)
    }
    await staging.remove(file.id)
    return { ok: true, value: stored }
  }

  return {
    async open(wanted) {
      const createdAtSeconds = Math.floor(clock.now() / 1000)
      return await book.open<UploadingFile>({
        ...wanted,
        id: newFileId(),
        state: 'uploading',
        createdAtSeconds,
        expiresAtSeconds: createdAtSeconds + options.uploadSeconds,
      })
    },
    async take(file, number, bytes) {
      const count = countOf(file)
      if (number >= count) return refuse(404, `There is no chunk ${number}: the file has ${count}, from 0`)
      const expected = Math.min(file.chunkBytes, file.sizeBytes - number * file.chunkBytes)
      if (bytes.length !== expected) {
        return refuse(400, `Chunk ${number} has ${expected} bytes, and ${bytes.length} came`)
      }
      if (finishing.has(file.id)) return refuse(409, closed)
      await staging.write(file.id, number * file.chunkBytes, bytes)
      const hash = await hashPatiently(bytes)
      if (!(await book.tookChunk(file.id, { number, hash }))) {
        await staging.remove(file.id)
        return refuse(409, closed)
      }
      return { ok: true, value: hexOf(hash) }
    },
    async missing(file) {
      const present = await book.chunks(file.id)
      const ranges: [number, number][] = []
      let next = 0
      for (const number of [...present.map(chunk => chunk.number), countOf(file)]) {
        if (number > next && ranges.length < mostRanges) ranges.push([next, number - 1])
        next = number + 1
      }
      return ranges
    },
    async finish(file, expectedRoot) {
      const underWay = finishing.get(file.id) ?? finish(file).finally(() => finishing.delete(file.id))
      finishing.set(file.id, underWay)
      const finished = await underWay
      if (!finished.ok || expectedRoot === undefined || finished.value.root === expectedRoot) return finished
      return refuse(
        409,
        `The file that was uploaded has the root ${finished.value.root}, not ${expectedRoot}: delete it, and upload yours`,
      )
    },
  }
}

const closed = 'This file has its root: no chunk of it changes any more; upload another file'

function countOf({ sizeBytes, chunkBytes }: UploadingFile): number {
  return Math.ceil(sizeBytes / chunkBytes)
}
