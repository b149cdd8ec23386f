// What a key of the keyboard is to a program in a terminal. Runs in the page.

export type Key = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

const named = new Map([
  ['Enter', '\r'],
  ['Backspace', '\x7f'],
  ['Tab', '\t'],
  ['Escape', '\x1b'],
  ['Delete', '\x1b[3~'],
  ['Insert', '\x1b[2~'],
  ['PageUp', '\x1b[5~'],
  ['PageDown', '\x1b[6~'],
  ['F1', '\x1bOP'],
  ['F2', '\x1bOQ'],
  ['F3', '\x1bOR'],
  ['F4', '\x1bOS'],
])
const arrows = new Map([
  ['ArrowUp', 'A'],
  ['ArrowDown', 'B'],
  ['ArrowRight', 'C'],
  ['ArrowLeft', 'D'],
  ['Home', 'H'],
  ['End', 'F'],
])

/** Undefined for what is the browser's. */
export function bytesOfKey(
  { key, ctrlKey, altKey, metaKey }: Key,
  hasApplicationKeys: boolean,
): string | undefined {
  if (metaKey) return undefined
  const arrow = arrows.get(key)
  if (arrow !== undefined) return `\x1b${hasApplicationKeys ? 'O' : '['}${arrow}`
  const known = named.get(key)
  if (known !== undefined) return altKey ? `\x1b${known}` : known
  if ([...key].length !== 1) return undefined
  if (!ctrlKey) return altKey ? `\x1b${key}` : key
  const code = key === ' ' ? 0 : key.toUpperCase().charCodeAt(0) - 0x40
  return code >= 0 && code < 0x20 ? String.fromCharCode(code) : undefined
}
