// All files below a folder of a machine's workspace, each open while it is looked at, within bounds on their number, depth
// and size. Anything that is neither file nor folder ends the walk: what is left out unsaid would be a lie of omission.
import { type FileHandle, readdir } from 'node:fs/promises'
import { NotThere, openFolder, openPlainFile, openRoot, within } from './beneath.ts'

export type FoundFile = {
  /** From the folder that is walked, with `/` between. */
  readonly path: string
  readonly sizeBytes: number
  /** Of what it was when its size was read; fails if it shrank meanwhile. */
  readonly bytes: () => AsyncIterable<Uint8Array>
}

const mostFiles = 5_000
const mostDepth = 16
const mostPathBytes = 1_000
const readBytes = 1_048_576

/** In the order of their paths. Throws `NotThere`, in words for the renter, at the first that cannot be taken. */
export async function walkFolder(
  options: { readonly workspace: string; readonly names: readonly string[]; readonly mostBytes: number },
  visit: (file: FoundFile) => Promise<void>,
): Promise<void> {
  const { names, mostBytes } = options
  let files = 0
  let bytes = 0

  async function walk(folder: FileHandle, path: readonly string[]): Promise<void> {
    if (path.length > mostDepth) throw new NotThere(`${shownAs(path)} lies deeper than ${mostDepth} folders`)
    const entries = await readdir(within(folder, ''), { withFileTypes: true, encoding: 'buffer' })
    for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
      const name = nameOf(entry.name, path)
      const child = [...path, name]
      if (entry.isDirectory()) {
        const below = await openFolder(folder, [name])
        try {
          await walk(below, child)
        } finally {
          await below.close()
        }
      } else await visitFile(folder, name, child)
    }
  }

  async function visitFile(folder: FileHandle, name: string, path: readonly string[]): Promise<void> {
    const file = await openPlainFile(folder, name, shownAs(path))
    try {
      const { size: sizeBytes } = await file.stat()
      files += 1
      bytes += sizeBytes
      if (files > mostFiles)
        throw new NotThere(`There are more than ${mostFiles} files in ${names.join('/')}: pack them`)
      if (bytes > mostBytes)
        throw new NotThere(`The files in ${names.join('/')} have more than ${mostBytes} bytes`)
      await visit({ path: path.join('/'), sizeBytes, bytes: () => readExactly(file, sizeBytes) })
    } finally {
      await file.close()
    }
  }

  const shownAs = (path: readonly string[]): string => [...names, ...path].join('/')
  const root = await openRoot(options.workspace)
  try {
    const folder = await openFolder(root, names)
    try {
      await walk(folder, [])
    } finally {
      if (folder !== root) await folder.close()
    }
  } finally {
    await root.close()
  }
}

/** What is signed and shown is text that everybody reads alike. */
function nameOf(raw: Buffer, path: readonly string[]): string {
  const name = raw.toString('utf8')
  const isPlain = Buffer.from(name, 'utf8').equals(raw) && !/[\p{Cc}\p{Cs}\\]/u.test(name)
  if (!isPlain)
    throw new NotThere(`A name in ${path.join('/') || 'the folder'} is no plain text: rename the file`)
  if (Buffer.byteLength([...path, name].join('/')) > mostPathBytes) {
    throw new NotThere(`A path has more than ${mostPathBytes} bytes: shorten it`)
  }
  return name
}

/** From the beginning each time; a file that grows is read as far as it was announced. */
async function* readExactly(file: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sizeBytes; ) {
    const length = Math.min(readBytes, sizeBytes - at)
    const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at)
    if (bytesRead === 0)
      throw new NotThere('A file became shorter while it was read: end what writes it, and ask again')
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
