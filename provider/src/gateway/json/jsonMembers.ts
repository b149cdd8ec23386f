// The members of a JSON object as they were written. Values go from client to worker and back as text: numbers that
// JavaScript cannot hold, such as the seeds of 64 bits that Python hands out, come through as they are.
import { beyondBounds } from '@worldland-aa/service/jsonRpc/jsonShape'
import type { Outcome } from '../../outcome.ts'

/** Python's parser gives up at a thousand levels; nobody means to nest so deep. */
const bounds = { depth: 256, values: 2_000_000 }

export type JsonMembers = {
  /** The text of a member's value; undefined where there is none, or it is null. */
  raw(name: string): string | undefined
  /** A member's value. */
  value(name: string): unknown
}

/** Refused, with what is wrong, where the text is no JSON object or is beyond what anybody means. */
export function readJsonObject(text: string): Outcome<JsonMembers, string> {
  const problem = beyondBounds(text, bounds)
  if (problem !== undefined) return refuse(`The body ${problem}`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return refuse('The body is no JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return refuse('The body is no JSON object')
  const object = parsed as Readonly<Record<string, unknown>>
  let places: ReadonlyMap<string, readonly [start: number, end: number]> | undefined
  return {
    ok: true,
    value: {
      raw(name) {
        if (!Object.hasOwn(object, name) || object[name] === null) return undefined
        places ??= findMembers(text)
        const place = places.get(name)
        return place && text.slice(...place)
      },
      value: name => (Object.hasOwn(object, name) ? object[name] : undefined),
    },
  }
}

function refuse(refusal: string): Outcome<never, string> {
  return { ok: false, refusal }
}

const quote = 0x22
const colon = 0x3a
const comma = 0x2c

/** Where the values of the outermost object stand. `text` is known to be one. */
function findMembers(text: string): ReadonlyMap<string, readonly [number, number]> {
  const places = new Map<string, readonly [number, number]>()
  let at = text.indexOf('{') + 1
  for (;;) {
    const keyStart = text.indexOf('"', at)
    if (keyStart === -1) return places
    const keyEnd = endOfString(text, keyStart)
    const key = JSON.parse(text.slice(keyStart, keyEnd)) as string
    at = keyEnd
    while (text.charCodeAt(at) !== colon) at++
    const start = at + 1
    at = endOfValue(text, start)
    // As JSON.parse: the last of several counts.
    places.set(key, trimmed(text, start, at))
    if (text.charCodeAt(at) !== comma) return places
    at++
  }
}

/** Where the comma or the brace behind a value stands. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at) - 1
    else if (code === 0x5b || code === 0x7b) depth++
    else if (code === 0x5d || code === 0x7d) {
      if (depth === 0) return at
      depth--
    } else if (code === comma && depth === 0) return at
  }
}

/** Behind the closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === 0x5c) escapes++
    if (escapes % 2 === 0) return end + 1
  }
}

function trimmed(text: string, start: number, end: number): readonly [number, number] {
  let first = start
  let last = end
  while (isBlank(text.charCodeAt(first))) first++
  while (isBlank(text.charCodeAt(last - 1))) last--
  return [first, last]
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
