// Files in a folder of this machine: what every provider has.
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Outage } from '@worldland-aa/service/outage'
import { exactly, type FileStore, requireFileId } from '../fileStore.ts'

/** `folder` is made when missing. What an earlier life of the daemon left half written is swept away. */
export async function openLocalStore(options: { readonly folder: string }): Promise<FileStore> {
  const { folder } = options
  const unfinished = join(folder, 'unfinished')
  const pathOf = (id: string): string => join(folder, requireFileId(id))
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  for (const name of await readdir(unfinished)) await rm(join(unfinished, name), { force: true })

  return {
    name: 'local',
    async put({ id, sizeBytes, bytes }) {
      const path = pathOf(id)
      const draft = join(unfinished, id)
      try {
        const file = await open(draft, 'wx', 0o600)
        try {
          for await (const piece of exactly(sizeBytes, bytes)) await file.writeFile(piece)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(draft, path)
        await flushFolder(folder)
        return id
      } catch (error) {
        await rm(draft, { force: true })
        throw asOutage(error)
      }
    },
    async *read(reference, { first, last }) {
      try {
        yield* exactly(last - first + 1, createReadStream(pathOf(reference), { start: first, end: last }))
      } catch (error) {
        throw asOutage(error)
      }
    },
    async stat(reference) {
      try {
        return { sizeBytes: (await stat(pathOf(reference))).size }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw asOutage(error)
      }
    },
    async delete(reference) {
      await rm(pathOf(reference), { force: true })
      await flushFolder(folder)
    },
  }
}

/** The names in it: a rename that was not flushed is undone by a loss of power. */
async function flushFolder(path: string): Promise<void> {
  const opened = await open(path, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** Disk full, file gone, disk broken: what a system call refuses is the operator's to mend. */
function asOutage(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  const toCaller = full ? 'The provider’s disk is full: try again later' : 'The provider cannot read its disk'
  return new Outage(toCaller, message, { cause: error })
}
