// Files that are there whole or not at all, and that a power failure does not take back.
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** For its owner alone. Throws (EEXIST) rather than write over what is there. */
export function writeNewPrivateFile(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  flush(dirname(path))
}

/** Puts a finished file in its place. Throws (EEXIST) where there is one already, unless told to take its place. */
export function putInPlace(finished: string, path: string, mayReplace: boolean): void {
  flush(finished)
  if (mayReplace) renameSync(finished, path)
  else {
    // A rename would take the place of a file that came meanwhile.
    linkSync(finished, path)
    rmSync(finished)
  }
  flush(dirname(path))
}

/** Of a folder: the names in it. */
function flush(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
