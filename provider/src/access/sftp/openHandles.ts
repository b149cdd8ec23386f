// The files and folders that one SFTP session has open: a bounded number, all given back at its end.
import type { FileHandle } from 'node:fs/promises'
import { FileRefusal, type OpenFolder } from './workspaceFiles.ts'

export type OpenHandles = {
  keepFile(file: FileHandle): Promise<Buffer>
  keepFolder(folder: OpenFolder): Promise<Buffer>
  /** Throw a refusal for a handle that is none. */
  file(handle: Buffer): FileHandle
  folder(handle: Buffer): OpenFolder
  close(handle: Buffer): Promise<void>
  closeAll(): Promise<void>
}

const mostHandles = 64

export function createOpenHandles(): OpenHandles {
  const open = new Map<string, { readonly file?: FileHandle; readonly folder?: OpenFolder }>()
  let count = 0

  async function keep(kept: { readonly file?: FileHandle; readonly folder?: OpenFolder }): Promise<Buffer> {
    if (open.size >= mostHandles) {
      await (kept.file ?? kept.folder)?.close()
      throw new FileRefusal('EMFILE')
    }
    const name = String(++count)
    open.set(name, kept)
    return Buffer.from(name)
  }

  function found<Kind extends 'file' | 'folder'>(handle: Buffer, kind: Kind) {
    const kept = open.get(handle.toString('latin1'))?.[kind]
    if (kept === undefined) throw new FileRefusal('EBADF')
    return kept
  }

  return {
    keepFile: file => keep({ file }),
    keepFolder: folder => keep({ folder }),
    file: handle => found(handle, 'file') as FileHandle,
    folder: handle => found(handle, 'folder') as OpenFolder,
    async close(handle) {
      const name = handle.toString('latin1')
      const kept = open.get(name)
      if (kept === undefined) throw new FileRefusal('EBADF')
      open.delete(name)
      await (kept.file ?? kept.folder)?.close()
    },
    async closeAll() {
      const all = [...open.values()]
      open.clear()
      await Promise.allSettled(all.map(({ file, folder }) => (file ?? folder)?.close()))
    },
  }
}
