// Files of a machine's workspace, touched from this host. The machine may put links and devices there, and exchange them
// while we look: so each name is looked up in the folder that is held open, none is followed, and only files and folders
// are opened. (Linux alone: a held folder's names are reached through /proc/self/fd, as openat would.)
import { constants, type Dir, type Stats } from 'node:fs'
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  opendir,
  readlink,
  rename,
  rmdir,
  truncate,
  unlink,
  utimes,
} from 'node:fs/promises'
import { segmentsOf } from './workspacePath.ts'

/** Of the code, what the client is told. */
export class FileRefusal extends Error {
  override name = 'FileRefusal'
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export type Changes = {
  readonly mode?: number | undefined
  readonly sizeBytes?: number | undefined
  readonly times?: readonly [accessed: number, modified: number] | undefined
}

export type OpenFolder = {
  readonly entries: Dir
  readonly pathOf: (name: string) => string
  close(): Promise<void>
}

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_CREAT, O_EXCL, O_NONBLOCK } = constants
/** Neither read nor written, only held: opening a device by it does nothing to the device. */
const O_PATH = 0o10000000
/** Never setuid: the file lies on this host. */
const modeMask = 0o777

const held = ({ fd }: FileHandle): string => `/proc/self/fd/${fd}`

export async function openFile(root: string, path: string, flags: number, mode: number): Promise<FileHandle> {
  return await inParent(root, path, async place => {
    const isNew = (flags & O_CREAT) !== 0
    const found = await hold(place).catch(error => {
      if (isNew && error.code === 'ENOENT') return undefined
      throw error
    })
    if (found === undefined) return await open(place, flags | O_EXCL | O_NOFOLLOW, mode & modeMask)
    try {
      if (flags & O_EXCL) throw new FileRefusal('EEXIST')
      if (!(await found.stat()).isFile()) throw new FileRefusal('EACCES')
      return await open(held(found), (flags & ~O_CREAT) | O_NONBLOCK)
    } finally {
      await found.close()
    }
  })
}

export async function openFolder(root: string, path: string): Promise<OpenFolder> {
  const folder = await inParent(root, path, place => open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
  const entries = await opendir(held(folder)).catch(async error => {
    await folder.close()
    throw error
  })
  return {
    entries,
    pathOf: name => `${held(folder)}/${name}`,
    async close() {
      await entries.close().catch(() => undefined)
      await folder.close()
    },
  }
}

/** Of a link, the link's own. */
export async function statusOf(root: string, path: string): Promise<Stats> {
  return await inParent(root, path, place => lstat(place))
}

export async function change(root: string, path: string, changes: Changes): Promise<void> {
  await inParent(root, path, async place => {
    const found = await hold(place)
    try {
      const status = await found.stat()
      if (!status.isFile() && !status.isDirectory()) throw new FileRefusal('EACCES')
      if (changes.sizeBytes !== undefined) await truncate(held(found), changes.sizeBytes)
      if (changes.mode !== undefined) await chmod(held(found), changes.mode & modeMask)
      if (changes.times !== undefined) await utimes(held(found), ...changes.times)
    } finally {
      await found.close()
    }
  })
}

export const makeFolder = (root: string, path: string, mode: number): Promise<void> =>
  inParent(root, path, async place => {
    await mkdir(place, mode & modeMask)
  })
export const removeFolder = (root: string, path: string): Promise<void> => inParent(root, path, rmdir)
export const removeFile = (root: string, path: string): Promise<void> => inParent(root, path, unlink)
export const targetOf = (root: string, path: string): Promise<string> =>
  inParent(root, path, place => readlink(place))

export async function move(root: string, from: string, to: string): Promise<void> {
  await inParent(root, from, source =>
    inParent(root, to, async target => {
      const isTaken = await lstat(target).then(
        () => true,
        () => false,
      )
      if (isTaken) throw new FileRefusal('EEXIST')
      await rename(source, target)
    }),
  )
}

const hold = (place: string): Promise<FileHandle> => open(place, O_PATH | O_NOFOLLOW)

/** Walks down to the folder that a path's last name is in, holding one folder at a time. */
async function inParent<Done>(
  root: string,
  path: string,
  act: (place: string) => Promise<Done>,
): Promise<Done> {
  const segments = segmentsOf(path)
  if (segments === undefined) throw new FileRefusal('ENOENT')
  let folder = await open(root, O_PATH | O_DIRECTORY)
  try {
    for (const segment of segments.slice(0, -1)) {
      const next = await open(`${held(folder)}/${segment}`, O_PATH | O_DIRECTORY | O_NOFOLLOW)
      await folder.close()
      folder = next
    }
    return await act(`${held(folder)}/${segments.at(-1) ?? '.'}`)
  } finally {
    await folder.close()
  }
}
