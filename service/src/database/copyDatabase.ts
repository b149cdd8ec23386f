// A whole and consistent copy of a data file, also while a daemon writes to it: one reading transaction, with all that
// stands in the write-ahead log. Checked before anybody relies on it.
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'
import { ExitError, exitCodes } from '../cli/exitCodes.ts'
import { writeBackupMark } from './backupMark.ts'
import { type FileKind, kindProblem } from './fileKind.ts'
import { storageProblem } from './storageProblem.ts'

/** A daemon that starts or ends holds the file for a moment. */
const patienceMilliseconds = 10_000

/**
 * Returns the name of the copy: a file beside `place`, for its owner alone, that the caller puts in its place or removes.
 * Throws `ExitError` when the file is not of the kind, damaged, or cannot be copied.
 */
export function copyDatabase(options: {
  readonly from: string
  readonly place: string
  readonly kind: FileKind
  readonly madeAtSeconds: number
}): string {
  const { from, place, kind, madeAtSeconds } = options
  if (!existsSync(from)) throw new ExitError(exitCodes.no, `there is no file ${from}`)
  const copy = `${place}.${process.pid}-${randomBytes(4).toString('hex')}.partial`
  try {
    reading(from, source => {
      const problem = kindProblem(source, kind)
      if (problem !== undefined) throw new ExitError(exitCodes.no, `${from} cannot be used: ${problem}`)
      closeSync(openSync(copy, 'wx', 0o600))
      source.prepare('vacuum into ?').run(copy)
    })
    finish(copy, madeAtSeconds)
  } catch (error) {
    rmSync(copy, { force: true })
    if (error instanceof ExitError) throw error
    const reason = storageProblem(error) ?? (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new ExitError(exitCodes.no, `${from} could not be copied to ${place}: ${reason}`, { cause: error })
  }
  return copy
}

/** Reads a file that a daemon may be writing to. */
export function reading<Value>(path: string, read: (sqlite: SqliteDatabase.Database) => Value): Value {
  const sqlite = new SqliteDatabase(path, {
    readonly: true,
    fileMustExist: true,
    timeout: patienceMilliseconds,
  })
  try {
    return read(sqlite)
  } finally {
    sqlite.close()
  }
}

function finish(copy: string, madeAtSeconds: number): void {
  const sqlite = new SqliteDatabase(copy, { fileMustExist: true })
  try {
    sqlite.pragma('synchronous = FULL')
    writeBackupMark(sqlite, madeAtSeconds)
    const found = sqlite.pragma('integrity_check', { simple: true })
    const orphans = sqlite.pragma('foreign_key_check') as readonly unknown[]
    if (found === 'ok' && orphans.length === 0) return
    throw new ExitError(exitCodes.no, `what was copied is damaged (${String(found)}): nothing was written`)
  } finally {
    sqlite.close()
  }
}
