// Why a file could not be read, as a sentence. Never what stands in it: it may be a key that somebody named in the wrong
// place, and what JSON.parse says repeats its beginning.

export function fileProblem(path: string, error: unknown): string {
  if (error instanceof SyntaxError) return `The file ${path} is not JSON.`
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `There is no file ${path}.`
  if (code === 'EISDIR') return `${path} is a folder, not a file.`
  return `The file ${path} cannot be read (${code}).`
}
