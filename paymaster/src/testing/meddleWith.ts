// Changes one row of a running service's data file, as no part of the service would: a ledger that is damaged, or that
// somebody has had a hand in.
import Sqlite from 'better-sqlite3'

/** Throws where the statement changes any other number of rows. */
export function meddleWith(dataFile: string, statement: string, ...values: readonly string[]): void {
  const file = new Sqlite(dataFile)
  try {
    const { changes } = file.prepare(statement).run(...values)
    if (changes !== 1) throw new Error(`${statement} changed ${changes} rows`)
  } finally {
    file.close()
  }
}
