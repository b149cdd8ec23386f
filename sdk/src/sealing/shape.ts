// Reads what somebody else wrote as JSON, field by field: every text and list bounded, nothing unknown let through.

/** Hands back the value if it is one, and throws a `ShapeError` that says what is wrong with it otherwise. */
export type JsonReader<Value> = (value: unknown, path: string) => Value

/** The message is a sentence. */
export class ShapeError extends Error {
  override name = 'ShapeError'
}

export function text(options: { readonly maximum: number; readonly pattern: RegExp; readonly what: string }) {
  const { maximum, pattern, what } = options
  return (value: unknown, path: string): string => {
    if (typeof value === 'string' && value.length <= maximum && pattern.test(value)) return value
    throw new ShapeError(`${path} is not ${what} of at most ${maximum} characters.`)
  }
}

export function integer(options: { readonly minimum: number; readonly maximum: number }) {
  const { minimum, maximum } = options
  return (value: unknown, path: string): number => {
    if (Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum) {
      return value as number
    }
    throw new ShapeError(`${path} is not a whole number from ${minimum} to ${maximum}.`)
  }
}

export function list<Value>(reader: JsonReader<Value>, { maximum }: { readonly maximum: number }) {
  return (value: unknown, path: string): readonly Value[] => {
    if (!Array.isArray(value) || value.length > maximum) {
      throw new ShapeError(`${path} is not a list of at most ${maximum}.`)
    }
    return value.map((entry, index) => reader(entry, `${path}[${index}]`))
  }
}

/** Names of the writer's own choice. */
export function named<Value>(
  reader: JsonReader<Value>,
  { maximum, name }: { readonly maximum: number; readonly name: JsonReader<string> },
) {
  return (value: unknown, path: string): Readonly<Record<string, Value>> => {
    const entries = entriesOf(value, path)
    if (entries.length > maximum) throw new ShapeError(`${path} has more than ${maximum} entries.`)
    return Object.fromEntries(
      entries.map(([key, entry]) => [name(key, `a name in ${path}`), reader(entry, `${path}.${key}`)]),
    )
  }
}

/** All fields may be missing, and none may be there that is not named. */
export function fields<Value>(
  readers: {
    readonly [name in keyof Value]-?: JsonReader<Exclude<Value[name], undefined>>
  },
) {
  return (value: unknown, path: string): Value => {
    const entries = entriesOf(value, path).filter(([, entry]) => entry !== undefined)
    const read = entries.map(([name, entry]) => {
      const reader = Object.hasOwn(readers, name) ? readers[name as keyof Value] : undefined
      if (reader === undefined) throw new ShapeError(`${path} has a field that is not known, ${shown(name)}.`)
      return [name, reader(entry as never, `${path}.${name}`)]
    })
    return Object.fromEntries(read) as Value
  }
}

/** As `fields`, with some of them required. */
export function withAll<Value>(reader: JsonReader<Value>, required: readonly (keyof Value & string)[]) {
  return (value: unknown, path: string): Value => {
    const read = reader(value, path)
    const missing = required.find(name => read[name] === undefined)
    if (missing !== undefined) throw new ShapeError(`${path}.${missing} is missing.`)
    return read
  }
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ShapeError('What was sealed is no JSON.')
  }
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value)
  throw new ShapeError(`${path} is not an object.`)
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40))
}
