// The built console in memory: what may be served is what was found in its folder, and nothing that a path could lead to
// otherwise. Read again when it is built anew.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip'
export type ConsoleFile = {
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
  /** Its name has a hash of its content, so that it never changes. */
  readonly isImmutable: boolean
  /** Compressed at most once. */
  encoded(encoding: Encoding): Promise<Uint8Array<ArrayBuffer>>
}

export type ConsoleFiles = {
  /** By its path below the console's own, such as `assets/index-1a2b.js`. */
  file(path: string): ConsoleFile | undefined
  /** Undefined where the console is not built. */
  page(): string | undefined
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}
const compressed: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }
export const pageName = 'index.html'
/** Vite's, whose names have a hash each. */
const immutableFolder = 'assets/'
const mostBytes = 64 * 1024 * 1024

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

export function isFileName(path: string): boolean {
  return types[extname(path)] !== undefined
}

export function createConsoleFiles(folder: string): ConsoleFiles {
  let files = new Map<string, ConsoleFile>()
  let readAt: number | undefined

  /** The page is written last by a build, and names all the rest. */
  function refresh(): void {
    const builtAt = statSync(join(folder, pageName), { throwIfNoEntry: false })?.mtimeMs
    if (builtAt === readAt) return
    files = builtAt === undefined ? new Map() : readFolder(folder)
    readAt = builtAt
  }

  return {
    file(path) {
      refresh()
      return files.get(path)
    },
    page() {
      refresh()
      const page = files.get(pageName)
      return page && new TextDecoder().decode(page.body)
    },
  }
}

function readFolder(folder: string): Map<string, ConsoleFile> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // A link could lead out of the folder.
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    bytes += statSync(path).size
    if (bytes > mostBytes) throw new Error(`${folder} has more than ${mostBytes} bytes: is it the console?`)
    contents.set(relative(folder, path).split(sep).join('/'), Uint8Array.from(readFileSync(path)))
  }
  const files = new Map<string, ConsoleFile>()
  for (const [path, body] of contents) {
    const type = types[extname(path)]
    if (type === undefined) continue
    const made: Partial<Record<Encoding, Promise<Uint8Array<ArrayBuffer>>>> = {}
    files.set(path, {
      type,
      body,
      isImmutable: path.startsWith(immutableFolder),
      encoded(encoding) {
        const built = contents.get(path + compressed[encoding])
        made[encoding] ??= built === undefined ? compress(body, encoding) : Promise.resolve(built)
        return made[encoding]
      },
    })
  }
  return files
}

/** What the build has not compressed: fast rather than small, for somebody waits. */
async function compress(body: Uint8Array, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
  return Uint8Array.from(encoding === 'br' ? await brotli(body, quality) : await zip(body))
}
