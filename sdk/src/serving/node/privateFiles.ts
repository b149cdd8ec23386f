// Files for their owner alone, that are there whole or not at all. Node only.
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const mostBytes = 1_048_576

/** Undefined where there is none. Throws, with the remedy, where others may read it. */
export function readPrivateFile(path: string): string | undefined {
  let stats: ReturnType<typeof statSync>
  try {
    stats = statSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
    throw new Error(`Other accounts may open ${path}: chmod 600 ${path}`)
  }
  if (stats.size > mostBytes)
    throw new Error(`${path} is larger than ${mostBytes} bytes: it is no file of ours`)
  return readFileSync(path, 'utf8')
}

/** In the place of what was there. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.partial`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
