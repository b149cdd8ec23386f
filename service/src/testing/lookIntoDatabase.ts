// Reads a data file as somebody else would, such as a backup: past the process that has it open.
import SqliteDatabase from 'better-sqlite3'

export function lookIntoDatabase(path: string, query: string): unknown[] {
  const database = new SqliteDatabase(path, { readonly: true })
  try {
    return database.prepare(query).all()
  } finally {
    database.close()
  }
}
