// Words of an ABI encoding as they stand in hex, read in place.
import { type Padding, wordBytes } from './encodingShape.ts'

/** Hex with 0x; a string is one. */
export type HexText = { readonly length: number; charCodeAt(index: number): number }

const [zero, one, f, capitalF] = [0x30, 0x31, 0x66, 0x46]

/** Digits of the longest length or offset that there may be: 48 bits. */
const numberDigits = 12

/** The word that begins at this byte as a number; infinity for what is beyond all lengths. */
export function readNumber(text: HexText, at: number): number {
  if (!isFilled(text, at, at + wordBytes - numberDigits / 2)) return Number.POSITIVE_INFINITY
  let value = 0
  const end = digitOf(at + wordBytes)
  for (let index = end - numberDigits; index < end; index++) {
    value = value * 16 + digitValue(text.charCodeAt(index))
  }
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
}

/** Whether a word holds no more than its type does. */
export function isPadded(text: HexText, at: number, padding: Padding): boolean {
  if (padding.side === 'right') return isFilled(text, at + padding.from, at + wordBytes)
  const end = at + padding.bytes
  const first = text.charCodeAt(digitOf(end))
  switch (padding.of) {
    case 'unsigned':
      return isFilled(text, at, end)
    case 'boolean': {
      const last = text.charCodeAt(digitOf(end) + 1)
      return isFilled(text, at, end) && first === zero && (last === zero || last === one)
    }
    default:
      return digitValue(first) < 8 ? isFilled(text, at, end) : isFilled(text, at, end, f, capitalF)
  }
}

/** Whether all digits of these bytes are the same. */
export function isFilled(text: HexText, from: number, to: number, digit = zero, orDigit = digit): boolean {
  for (let index = digitOf(from); index < digitOf(to); index++) {
    const found = text.charCodeAt(index)
    if (found !== digit && found !== orDigit) return false
  }
  return true
}

function digitOf(byte: number): number {
  return 2 * byte + 2
}

/** NaN for what is no hex digit. */
function digitValue(code: number): number {
  if (code >= zero && code < zero + 10) return code - zero
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.NaN
}
