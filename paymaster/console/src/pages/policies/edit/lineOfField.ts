// On which line of a JSON text a field stands, counted from zero: by reading along, so that a text that is not whole yet
// has lines too. Where the field itself is missing, the line of what it is missing in.

export function lineOfField(text: string, field: string): number | undefined {
  if (field === '') return undefined
  const wanted = field.split('.')
  let found: { readonly depth: number; readonly line: number } | undefined
  for (const { path, line } of fieldsOf(text)) {
    const isAncestor = path.length <= wanted.length && path.every((step, index) => step === wanted[index])
    if (isAncestor && path.length > (found?.depth ?? 0)) found = { depth: path.length, line }
  }
  return found?.line
}

type Place = { readonly path: readonly string[]; readonly line: number }
type Holder = { readonly kind: 'object' | 'list'; key: string; index: number }

function* fieldsOf(text: string): Generator<Place> {
  const holders: Holder[] = []
  let line = 0
  let isKey = false
  const path = (): readonly string[] =>
    holders.map(({ kind, key, index }) => (kind === 'list' ? String(index) : key))
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}[\],:]|\n|[^\s{}[\],:"]+/g)) {
    const top = holders.at(-1)
    if (token === '\n') line++
    else if (token === ',') {
      if (top?.kind === 'list') top.index++
      isKey = top?.kind === 'object'
    } else if (token === '}' || token === ']') {
      holders.pop()
      isKey = false
    } else if (token !== ':') {
      if (isKey && top !== undefined) {
        top.key = token.slice(1, -1)
        isKey = false
        yield { path: path(), line }
        continue
      }
      if (top?.kind === 'list') yield { path: path(), line }
      if (token === '{' || token === '[') {
        holders.push({ kind: token === '{' ? 'object' : 'list', key: '', index: 0 })
        isKey = token === '{'
      }
    }
  }
}
