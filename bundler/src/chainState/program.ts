// Byte code from mnemonics, for the few programs that read the state: short enough to be read in the source.
import { bytesToHex, type Hex } from 'viem'
import { opcodeNumber } from '../validation/opcodes.ts'

/**
 * `program('0 loop: DUP1 CALLDATASIZE GT @body JUMPI …')`: a number is pushed by one byte, `name:` is a
 * JUMPDEST and `@name` pushes its place. Throws for a program of more than 255 bytes.
 */
export function program(source: string): Hex {
  const tokens = source.split(/\s+/).filter(token => token !== '')
  const places = new Map<string, number>()
  let size = 0
  for (const token of tokens) {
    if (token.endsWith(':')) places.set(token.slice(0, -1), size)
    size += /^[@\d]/.test(token) ? 2 : 1
  }
  if (size > 255) throw new Error('A program is longer than a one-byte jump reaches')
  const bytes = tokens.flatMap(token => {
    if (token.endsWith(':')) return [jumpDestination]
    if (token.startsWith('@')) return [pushOne, placeOf(token.slice(1), places)]
    return /^\d/.test(token) ? [pushOne, Number(token)] : [opcodeNumber(token)]
  })
  return bytesToHex(Uint8Array.from(bytes))
}

const jumpDestination = 0x5b
const pushOne = 0x60

function placeOf(name: string, places: ReadonlyMap<string, number>): number {
  const place = places.get(name)
  if (place === undefined) throw new Error(`A program jumps to ${name}, which is nowhere in it`)
  return place
}
