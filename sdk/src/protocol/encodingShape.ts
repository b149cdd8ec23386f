// An ABI type as the layout of its encoding: what stands in its head, and what behind it.
import type { AbiParameter } from 'viem'

export type EncodingShape = {
  /** Bytes in the head of what holds it: its own, or 32 for the offset to where it stands. */
  readonly headBytes: number
  readonly isDynamic: boolean
} & (
  | { readonly kind: 'word'; readonly padding: Padding }
  /** `bytes` and `string`. */
  | { readonly kind: 'bytes' }
  | Frame
)

/** Heads, and behind them what their offsets point at: a tuple or an array. */
export type Frame = {
  readonly kind: 'frame'
  /** Of a tuple each; of an array the one that all elements have. */
  readonly members: readonly EncodingShape[]
  /** Undefined where the encoding itself says how many elements there are. */
  readonly count: number | undefined
  /** Of all members; of one element where `count` is undefined. */
  readonly headsBytes: number
}

/** Which part of a word is filling: the first bytes, or all from a byte on. */
export type Padding =
  | { readonly side: 'left'; readonly bytes: number; readonly of: 'unsigned' | 'signed' | 'boolean' }
  | { readonly side: 'right'; readonly from: number }

export const wordBytes = 32

/** Of an argument list. Throws for a type that is not read here: a fault of the caller's code. */
export function frameOf(parameters: readonly AbiParameter[]): Frame {
  const members = parameters.map(shapeOf)
  const headsBytes = members.reduce((sum, member) => sum + member.headBytes, 0)
  return { kind: 'frame', members, count: members.length, headsBytes }
}

function shapeOf(parameter: AbiParameter): EncodingShape {
  const { type } = parameter
  const array = /^(.*)\[(\d*)\]$/.exec(type)
  if (array !== null) {
    const element = shapeOf({ ...parameter, type: array[1] as string })
    return arrayOf(element, array[2] === '' ? undefined : Number(array[2]))
  }
  if (type === 'bytes' || type === 'string') return { kind: 'bytes', isDynamic: true, headBytes: wordBytes }
  if (type === 'tuple') {
    const frame = frameOf((parameter as { components: readonly AbiParameter[] }).components)
    return embedded(
      frame,
      frame.members.some(member => member.isDynamic),
    )
  }
  return { kind: 'word', isDynamic: false, headBytes: wordBytes, padding: paddingOf(type) }
}

function arrayOf(element: EncodingShape, count: number | undefined): EncodingShape {
  // Elements without bytes would let a few bytes stand for any number of them.
  if (element.headBytes === 0 || count === 0) throw new Error('An array of nothing is not read here')
  const headsBytes = element.headBytes * (count ?? 1)
  const frame: Frame = { kind: 'frame', members: [element], count, headsBytes }
  return embedded(frame, count === undefined || element.isDynamic)
}

function embedded(frame: Frame, isDynamic: boolean): EncodingShape {
  return { ...frame, isDynamic, headBytes: isDynamic ? wordBytes : frame.headsBytes }
}

function paddingOf(type: string): Padding {
  const [, name, digits] = /^(address|bool|uint|int|bytes)(\d*)$/.exec(type) ?? []
  const bits = digits === '' ? 256 : Number(digits)
  switch (name) {
    case 'address':
      return { side: 'left', bytes: 12, of: 'unsigned' }
    case 'bool':
      return { side: 'left', bytes: 31, of: 'boolean' }
    case 'uint':
      return { side: 'left', bytes: wordBytes - bits / 8, of: 'unsigned' }
    case 'int':
      return { side: 'left', bytes: wordBytes - bits / 8, of: 'signed' }
    case 'bytes':
      return { side: 'right', from: Number(digits) }
    default:
      throw new Error(`${type} is no type of the ABI that is read here`)
  }
}
