// SFTP over the workspace of a machine, for scp, sftp and editors: one request after the other, each bounded.
import { lstat } from 'node:fs/promises'
import ssh2, { type FileEntry, type SFTPWrapper } from 'ssh2'
import { leave } from './libraryInsides.ts'
import { createOpenHandles } from './openHandles.ts'
import { createRequestLine } from './requestLine.ts'
import { attributesOf, changesOf, entryOf, openFlagsOf } from './sftpReplies.ts'
import * as files from './workspaceFiles.ts'
import { resolvePath } from './workspacePath.ts'

export type SftpOptions = {
  /** Of the machine, on this host; undefined when there is none. */
  readonly workspace: () => Promise<string | undefined>
  /** Ends the connection of a peer that sends on and on without taking answers. */
  readonly onAbuse: () => void
  readonly onError: (error: unknown) => void
}

const { STATUS_CODE } = ssh2.utils.sftp
const mostReadBytes = 256 * 1024 - 2 * 1024
const entriesAtOnce = 100
const usualFileMode = 0o644
const usualFolderMode = 0o755

export function serveSftp(sftp: SFTPWrapper, options: SftpOptions): void {
  const handles = createOpenHandles()
  const line = createRequestLine(sftp, options)

  const root = async (): Promise<string> => {
    const workspace = await options.workspace()
    if (workspace === undefined) throw new files.FileRefusal('ENOENT')
    return workspace
  }
  const done = (id: number): void => sftp.status(id, STATUS_CODE.OK)

  sftp.on('OPEN', (id, path, flags, { mode = usualFileMode }) =>
    line.add(id, 0, async () => {
      const file = await files.openFile(await root(), path, openFlagsOf(flags), mode)
      sftp.handle(id, await handles.keepFile(file))
    }),
  )
  sftp.on('READ', (id, handle, offset, length) =>
    line.add(id, 0, async () => {
      const wanted = Buffer.allocUnsafe(Math.min(length, mostReadBytes))
      const { bytesRead } = await handles.file(handle).read(wanted, 0, wanted.length, offset)
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.data(id, wanted.subarray(0, bytesRead))
    }),
  )
  sftp.on('WRITE', (id, handle, offset, data) =>
    line.add(id, data.length, async () => {
      const file = handles.file(handle)
      for (let written = 0; written < data.length; ) {
        const { bytesWritten } = await file.write(data, written, data.length - written, offset + written)
        written += bytesWritten
      }
      done(id)
    }),
  )
  sftp.on('FSTAT', (id, handle) =>
    line.add(id, 0, async () => sftp.attrs(id, attributesOf(await handles.file(handle).stat()))),
  )
  sftp.on('FSETSTAT', (id, handle, attributes) =>
    line.add(id, 0, async () => {
      const { mode, sizeBytes, times } = changesOf(attributes)
      const file = handles.file(handle)
      if (sizeBytes !== undefined) await file.truncate(sizeBytes)
      if (mode !== undefined) await file.chmod(mode & 0o777)
      if (times !== undefined) await file.utimes(...times)
      done(id)
    }),
  )
  sftp.on('CLOSE', (id, handle) =>
    line.add(id, 0, async () => {
      await handles.close(handle)
      done(id)
    }),
  )
  sftp.on('OPENDIR', (id, path) =>
    line.add(id, 0, async () =>
      sftp.handle(id, await handles.keepFolder(await files.openFolder(await root(), path))),
    ),
  )
  sftp.on('READDIR', (id, handle) =>
    line.add(id, 0, async () => {
      const entries = await nextEntries(handles.folder(handle))
      if (entries.length === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.name(id, entries)
    }),
  )
  for (const request of ['STAT', 'LSTAT'] as const) {
    sftp.on(request as 'STAT', (id, path) =>
      line.add(id, 0, async () => sftp.attrs(id, attributesOf(await files.statusOf(await root(), path)))),
    )
  }
  sftp.on('SETSTAT', (id, path, attributes) =>
    line.add(id, 0, async () => {
      await files.change(await root(), path, changesOf(attributes))
      done(id)
    }),
  )
  sftp.on('REMOVE', (id, path) =>
    line.add(id, 0, async () => {
      await files.removeFile(await root(), path)
      done(id)
    }),
  )
  sftp.on('RMDIR', (id, path) =>
    line.add(id, 0, async () => {
      await files.removeFolder(await root(), path)
      done(id)
    }),
  )
  sftp.on('MKDIR', (id, path, { mode = usualFolderMode }) =>
    line.add(id, 0, async () => {
      await files.makeFolder(await root(), path, mode)
      done(id)
    }),
  )
  sftp.on('RENAME', (id, from, to) =>
    line.add(id, 0, async () => {
      await files.move(await root(), from, to)
      done(id)
    }),
  )
  sftp.on('READLINK', (id, path) =>
    line.add(id, 0, async () => sftp.name(id, [nameAlone(await files.targetOf(await root(), path))])),
  )
  sftp.on('REALPATH', (id, path) =>
    line.add(id, 0, async () => sftp.name(id, [nameAlone(resolvePath(path.slice(0, 4_096)))])),
  )
  const close = (): void => void line.end().then(handles.closeAll).catch(options.onError)
  sftp.once('end', () => {
    close()
    leave(sftp)
  })
  sftp.once('close', close)
}

async function nextEntries(folder: files.OpenFolder): Promise<FileEntry[]> {
  const entries: FileEntry[] = []
  while (entries.length < entriesAtOnce) {
    const entry = await folder.entries.read()
    if (entry === null) break
    const status = await lstat(folder.pathOf(entry.name)).catch(() => undefined)
    // Gone meanwhile.
    if (status !== undefined) entries.push(entryOf(entry.name, status))
  }
  return entries
}

function nameAlone(filename: string): FileEntry {
  return { filename, longname: filename, attrs: {} as FileEntry['attrs'] }
}
