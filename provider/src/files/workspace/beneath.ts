// A machine's workspace is written by whoever rented it: any name in it may be a link to this host's own files, and may
// become one between a look and an act. So every step is taken from an open folder, and no link is ever followed; the
// kernel's /proc/self/fd stands for the system calls (openat) that Node lacks.
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/** What the workspace holds instead of what was looked for; its message is for the renter. */
export class NotThere extends Error {}

/** Where what is in an open folder is reached, whatever has become of the folder's own name. */
export function within(folder: FileHandle, name: string): string {
  if (name === '.' || name === '..' || name.includes('/')) throw new Error('A name leads out of its folder')
  return `/proc/self/fd/${folder.fd}/${name}`
}

export async function openRoot(path: string): Promise<FileHandle> {
  if (process.platform !== 'linux')
    throw new Error('The workspace of a machine is opened safely on Linux alone')
  return await open(path, folderFlags)
}

/** `make`: folders that are missing. Closes nothing but what it opened on the way. */
export async function openFolder(
  root: FileHandle,
  names: readonly string[],
  { make = false } = {},
): Promise<FileHandle> {
  let folder = root
  for (const [depth, name] of names.entries()) {
    const path = within(folder, name)
    try {
      if (make) await mkdir(path, { mode: 0o755 }).catch(ignoreExisting)
      const next = await open(path, folderFlags)
      if (folder !== root) await folder.close()
      folder = next
    } catch (error) {
      if (folder !== root) await folder.close()
      throw asNotThere(error, names.slice(0, depth + 1).join('/'))
    }
  }
  return folder
}

/** A plain file, that no other name of this host leads to. */
export async function openPlainFile(folder: FileHandle, name: string, shown: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  // Without the last flag a pipe that nobody writes would hold this up for ever.
  const file = await open(within(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(error => {
    throw asNotThere(error, shown)
  })
  const found = await file.stat()
  if (found.isFile() && found.nlink === 1) return file
  await file.close()
  throw new NotThere(
    found.isFile()
      ? `${shown} has several names (hard links): copy it, so that it is a file of its own`
      : `${shown} is no plain file: only files and folders are taken`,
  )
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

export function asNotThere(error: unknown, shown: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new NotThere(`There is no ${shown} in the workspace`)
  // Linux says ENOTDIR of a link where a folder was asked for.
  if (code === 'ELOOP' || code === 'EMLINK') {
    return new NotThere(
      `${shown} is a symbolic link: only files and folders are taken, put the file itself there`,
    )
  }
  if (code === 'ENOTDIR') return new NotThere(`${shown} is no folder: it may be a symbolic link, or a file`)
  if (code === 'ENXIO' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR') {
    return new NotThere(`${shown} cannot be read: only files and folders that all may read are taken`)
  }
  if (code === 'ENAMETOOLONG') return new NotThere(`The name ${shown} is too long: shorten it`)
  if (code === 'ENOTEMPTY' || code === 'EEXIST') {
    return new NotThere(`There is a folder in the place of ${shown}: remove it`)
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return new NotThere(`There is no room for ${shown}`)
  return error
}
