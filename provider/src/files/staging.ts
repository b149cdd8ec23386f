// Uploads that are not whole yet: for each a file with holes, into which chunks go in any order.
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { requireFileId } from './fileStore.ts'

export type Staging = {
  /** On the disk before it resolves. */
  write(id: string, offset: number, bytes: Uint8Array): Promise<void>
  /** All of it, from its beginning. */
  read(id: string, sizeBytes: number): AsyncIterable<Uint8Array>
  remove(id: string): Promise<void>
  /** Of uploads, also such as nobody knows of any more. */
  ids(): Promise<readonly string[]>
}

export async function openStaging({ folder }: { readonly folder: string }): Promise<Staging> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (id: string): string => join(folder, requireFileId(id))
  return {
    async write(id, offset, bytes) {
      // Not truncated: other chunks are in it.
      const file = await open(pathOf(id), 'r+').catch(error => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        return open(pathOf(id), 'a+', 0o600).then(async made => {
          await made.close()
          return await open(pathOf(id), 'r+')
        })
      })
      try {
        for (let written = 0; written < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written)
          written += bytesWritten
        }
        await file.datasync()
      } finally {
        await file.close()
      }
    },
    read(id, sizeBytes) {
      // An empty file was never written.
      if (sizeBytes === 0) return nothing()
      return createReadStream(pathOf(id), { end: sizeBytes - 1, highWaterMark: 1_048_576 })
    },
    async remove(id) {
      await rm(pathOf(id), { force: true })
    },
    ids: () => readdir(folder),
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
