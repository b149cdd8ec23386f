// One process, one data file: two would answer for the same nonces and budgets. The lock is the operating system's, on a
// file beside it, so that it ends with the process, however that ends, and readers such as a backup are not kept out.
import SqliteDatabase from 'better-sqlite3'
import { ExitError, exitCodes } from '../cli/exitCodes.ts'
import { isBusy } from './storageProblem.ts'

/** Throws when another process, or another part of this one, has it. Returns what gives it back. */
export function lockDatabase(path: string): () => void {
  const lock = new SqliteDatabase(`${path}.lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new ExitError(
      exitCodes.unavailable,
      `another process uses ${path} (it holds ${path}.lock): stop that one, or give this one a file of its own by --data-file`,
    )
  }
  return () => void lock.close()
}
