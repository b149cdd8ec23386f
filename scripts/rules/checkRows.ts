// What must hold of the checklist before any test runs: the files are there, the code cites the clause, the
// mutation still finds what it takes out.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isEnforced, type Row, sourceFile } from './row.ts'

/** Complaints; none is well. */
export function checkRows(rows: readonly Row[], root: string): readonly string[] {
  const clauses = rows.map(({ clause }) => clause)
  const repeated = clauses.filter((clause, index) => clauses.indexOf(clause) !== index)
  return [...repeated.map(clause => `${clause} stands twice`), ...rows.flatMap(row => checkRow(row, root))]
}

function checkRow(row: Row, root: string): readonly string[] {
  if (!isEnforced(row)) return []
  const { clause, where, test, mutation } = row
  const complaint = (what: string): string => `${clause}: ${what}`
  const mutated = mutation.file ?? where
  const path = (file: string): string => join(root, sourceFile(file))
  const missing = [where, mutated, test.file].find(file => !existsSync(path(file)))
  if (missing !== undefined) return [complaint(`${missing} does not exist`)]
  const read = (file: string): string => readFileSync(path(file), 'utf8')
  const found = read(mutated).split(mutation.find).length - 1
  const isOfErc7562 = /^(OP|COD|STO|.REP|ALT|AUTH|LIM)-\d/.test(clause)
  return [
    ...(isOfErc7562 && !read(where).includes(`[${clause}]`) ? [complaint(`${where} does not cite it`)] : []),
    ...(found === 1
      ? []
      : [complaint(`what its mutation takes out stands ${found} times in ${mutated}: ${mutation.find}`)]),
  ]
}
