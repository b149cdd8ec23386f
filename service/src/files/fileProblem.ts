// Why a file could not be read, in words that say what to mend. Never what stands in it: it may be a key that somebody
// named in the wrong place, and what JSON.parse says repeats its beginning.

/** `error` is what readFileSync or JSON.parse threw; a whole sentence without its end. */
export function fileProblem(path: string, error: unknown): string {
  if (error instanceof SyntaxError) return `${path} is not JSON${placeOf(error.message)}`
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no file ${path}`
    case 'EISDIR':
      return `${path} is a folder, not a file`
    case 'EACCES':
    case 'EPERM':
      return `this account may not read ${path}`
    default:
      return `${path} cannot be read (${code ?? message})`
  }
}

function placeOf(message: string): string {
  const lineAndColumn = / \(line (\d+) column (\d+)\)/.exec(message)
  if (lineAndColumn !== null) return ` (line ${lineAndColumn[1]}, column ${lineAndColumn[2]})`
  if (message.startsWith('Unexpected end')) return ' (it ends too soon)'
  const position = / at position (\d+)/.exec(message)
  return position === null ? '' : ` (at character ${position[1]})`
}
