// Puts a copy in the place of a data file that no daemon uses, and keeps what was there.
import { chownSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { putInPlace } from '../files/durableFile.ts'

/** Where what was there lies from now on; undefined where nothing was. The caller holds the lock of `path`. */
export function putBack(copy: string, path: string, nowSeconds: number): string | undefined {
  const owner = statSync(existsSync(path) ? path : dirname(path))
  const aside = existsSync(path) ? setAside(path, nowSeconds) : undefined
  putInPlace(copy, path, false)
  // Restored by root, it is still the daemon's own.
  if (process.getuid?.() === 0) {
    for (const file of [path, `${path}.lock`]) chownSync(file, owner.uid, owner.gid)
  }
  return aside
}

export function makeFolderOf(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
}

function setAside(path: string, nowSeconds: number): string {
  const time = new Date(nowSeconds * 1000).toISOString().replaceAll(':', '-').slice(0, 19)
  const aside = `${path}.replaced-${time}Z`
  foldLogIn(path)
  // The log first, should one be left: a new file must never meet the log of another.
  for (const ending of ['-wal', '-shm', '']) {
    if (existsSync(`${path}${ending}`)) renameSync(`${path}${ending}`, `${aside}${ending}`)
  }
  return aside
}

/** So that what is set aside is one file; what is damaged stays as it is. */
function foldLogIn(path: string): void {
  try {
    const sqlite = new SqliteDatabase(path, { fileMustExist: true })
    try {
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      sqlite.close()
    }
  } catch {
    // Set aside as it is.
  }
}
