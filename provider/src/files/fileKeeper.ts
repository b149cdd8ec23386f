// Takes bytes into the store and says what they are. Whoever has a file, an upload or the agent itself, hands it in here.
import { randomBytes } from 'node:crypto'
import type { Clock } from '@worldland-aa/service/clock'
import { hexOf } from '@worldland-aa/service/crypto/bytes'
import type { Outcome } from '../outcome.ts'
import type { FileBook } from './fileBook.ts'
import { hashAt, rootOfFile } from './fileRoot.ts'
import type { FileStore } from './fileStore.ts'
import { hashWhilePassing } from './hashFile.ts'
import type { FileRefusal } from './refusal.ts'
import type { Agreement, StoredFile, UploadingFile } from './storedFile.ts'

export type FileToKeep = Agreement & {
  readonly name: string
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly bytes: AsyncIterable<Uint8Array>
}

export type FileKeeper = {
  /** Of the agent's own: a file that is at hand. Throws where it is not as long as it was said to be. */
  keep(file: FileToKeep): Promise<Outcome<StoredFile, FileRefusal>>
  /** Of an upload whose chunks are all there; `mismatch`: a chunk that is not what it was when it came. */
  store(file: UploadingFile, source: UploadSource): Promise<StoredFile | { readonly mismatch: number }>
}

export type UploadSource = {
  readonly bytes: AsyncIterable<Uint8Array>
  /** As they came. */
  readonly chunkHashes: Uint8Array
}

export function createFileKeeper(options: {
  readonly book: FileBook
  readonly store: FileStore
  readonly keepSeconds: number
  readonly uploadSeconds: number
  readonly clock: Clock
}): FileKeeper {
  const { book, store, clock } = options
  const nowSeconds = (): number => Math.floor(clock.now() / 1000)

  async function put(file: UploadingFile, bytes: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    const { id, sizeBytes, chunkBytes } = file
    const passage = await hashWhilePassing({ sizeBytes, chunkBytes, bytes })
    const reference = await store.put({ id, sizeBytes, bytes: passage.bytes })
    const { chunkHashes, contentHash } = passage.hashes()
    return {
      ...file,
      state: 'stored',
      root: rootOfFile({ sizeBytes, chunkBytes, chunkHashes }),
      contentHash: hexOf(contentHash),
      chunkHashes,
      store: store.name,
      reference,
      modelId: undefined,
      expiresAtSeconds: nowSeconds() + options.keepSeconds,
    }
  }

  async function enter(stored: StoredFile): Promise<void> {
    if (await book.finish(stored)) return
    // Deleted, or finished by another request, while it was stored.
    const known = await book.find(stored.id)
    if (known?.state !== 'stored') await store.delete(stored.reference)
  }

  return {
    async keep({ bytes, ...wanted }) {
      const createdAtSeconds = nowSeconds()
      const opened = await book.open<UploadingFile>({
        ...wanted,
        id: newFileId(),
        state: 'uploading',
        createdAtSeconds,
        expiresAtSeconds: createdAtSeconds + options.uploadSeconds,
      })
      if (!opened.ok) return opened
      try {
        const stored = await put(opened.value, bytes)
        await enter(stored)
        return { ok: true, value: stored }
      } catch (error) {
        await store.delete(opened.value.id).catch(() => undefined)
        await book.remove(opened.value.id)
        throw error
      }
    },
    async store(file, source) {
      const stored = await put(file, source.bytes)
      const mismatch = firstDifference(stored.chunkHashes, source.chunkHashes)
      if (mismatch !== undefined) {
        await store.delete(stored.reference)
        return { mismatch }
      }
      await enter(stored)
      return stored
    },
  }
}

export function newFileId(): string {
  return randomBytes(16).toString('hex')
}

function firstDifference(left: Uint8Array, right: Uint8Array): number | undefined {
  if (left.length !== right.length) throw new Error('A file has another number of chunks than its upload')
  for (let at = 0; at < left.length / 32; at += 1) {
    if (Buffer.compare(hashAt(left, at), hashAt(right, at)) !== 0) return at
  }
  return undefined
}
