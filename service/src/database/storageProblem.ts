// What SQLite says when the disk under it fails, in words: which file, what is wrong, what to do.

const explanations: readonly (readonly [code: string, problem: string])[] = [
  ['SQLITE_FULL', 'its disk is full: free some space, it is written again as soon as there is'],
  ['SQLITE_IOERR_SHM', 'its disk is full or fails: free some space, or look at the disk'],
  ['SQLITE_IOERR', 'its disk fails: look at the disk and at the system log'],
  ['SQLITE_READONLY', 'it may not be written: mend its permissions, and those of its folder'],
  ['SQLITE_CANTOPEN', 'it cannot be opened: is its folder there, and may this account write there?'],
  ['SQLITE_BUSY', 'another program holds its lock: end that one'],
  ['SQLITE_LOCKED', 'another program holds its lock: end that one'],
  ['SQLITE_NOTADB', 'it is no SQLite database: give another file, or put a backup in its place'],
  ['SQLITE_CORRUPT', 'it is damaged: stop, and put a backup in its place'],
]

/** Undefined for what is no fault of the storage, such as a statement that is wrong. */
export function storageProblem(error: unknown): string | undefined {
  const code = codeOf(error)
  const known = explanations.find(([prefix]) => code.startsWith(prefix))
  return known && `${known[1]} (${code})`
}

/** Somebody else holds the lock for the moment. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
