// How files look on the wire of SFTP, and what a failure is called there.
import { constants, type Stats } from 'node:fs'
import ssh2, { type Attributes, type FileEntry } from 'ssh2'
import type { Changes } from './workspaceFiles.ts'

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp

export function attributesOf(status: Stats): Attributes {
  return {
    mode: status.mode,
    uid: status.uid,
    gid: status.gid,
    size: status.size,
    atime: Math.floor(status.atimeMs / 1000),
    mtime: Math.floor(status.mtimeMs / 1000),
  }
}

export function entryOf(filename: string, status: Stats): FileEntry {
  const kind = status.isDirectory() ? 'd' : status.isSymbolicLink() ? 'l' : '-'
  const rights = [6, 3, 0].map(shift => {
    const bits = (status.mode >> shift) & 7
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`
  })
  const day = status.mtime.toISOString().slice(0, 10)
  const longname = `${kind}${rights.join('')} 1 ${status.uid} ${status.gid} ${status.size} ${day} ${filename}`
  return { filename, longname, attrs: attributesOf(status) }
}

export function statusCodeOf(error: unknown): number {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return STATUS_CODE.NO_SUCH_FILE
    case 'EACCES':
    case 'EPERM':
    case 'ELOOP':
      return STATUS_CODE.PERMISSION_DENIED
    default:
      return STATUS_CODE.FAILURE
  }
}

/** Of Linux, for SFTP's own. */
export function openFlagsOf(flags: number): number {
  const isWritten = (flags & (OPEN_MODE.WRITE | OPEN_MODE.APPEND)) !== 0
  const isRead = (flags & OPEN_MODE.READ) !== 0
  let translated = isWritten ? (isRead ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY
  if (flags & OPEN_MODE.APPEND) translated |= constants.O_APPEND
  if (flags & OPEN_MODE.CREAT) translated |= constants.O_CREAT
  if (flags & OPEN_MODE.TRUNC && isWritten) translated |= constants.O_TRUNC
  if (flags & OPEN_MODE.EXCL) translated |= constants.O_EXCL
  return translated
}

/** Its declaration has all of them; on the wire each may be missing. */
export function changesOf(attributes: Partial<Attributes>): Changes {
  const { mode, size, atime, mtime } = attributes
  return {
    mode,
    sizeBytes: size,
    times: atime === undefined || mtime === undefined ? undefined : [atime, mtime],
  }
}
