// Are these bytes what an encoder writes? Asked of whatever a stranger sends before it is decoded: offsets may point
// anywhere, many at the same data, and a decoder's work then grows far beyond what it was given. One pass, each word
// looked at once, nothing allocated for it.
//
// The measure is the "strict encoding mode" of Solidity's ABI specification: offsets as small as they can be without
// overlap, no gaps, and what fills a word is what its type says. No encoder in use writes another.
import type { AbiParameter } from 'viem'
import type { Sentence } from '../errors/sentences/sentence.ts'
import { type EncodingShape, type Frame, frameOf, wordBytes } from './encodingShape.ts'
import { type HexText, isFilled, isPadded, readNumber } from './encodingText.ts'

export type EncodingBounds = {
  readonly maxBytes: number
  /** Of each list whose length the encoding says. */
  readonly maxListLength: number
  /**
   * `exact`: the encoding is all there is. `open`: more may follow, as Solidity allows and data suffixes use, and the
   * zeros that fill up the very last word may be left out.
   */
  readonly ending: 'exact' | 'open'
}

export type Inspection = (
  | { readonly isCanonical: true /** The byte behind it. */; readonly endsAt: number }
  | ({ readonly isCanonical: false } & Sentence)
) & {
  /** What it took. */
  readonly wordsRead: number
}

/** Inspects the encoding that begins at byte `from`. */
export type EncodingInspector = (text: HexText, from?: number) => Inspection

export function encodingInspector(
  parameters: readonly AbiParameter[],
  bounds: EncodingBounds,
): EncodingInspector {
  const frame = frameOf(parameters)
  return (text, from = 0) => {
    const bytes = Math.floor(text.length / 2) - 1
    const pass: Pass = { text, bytes, bounds, wordsRead: 0, problem: undefined }
    const end = inspectWhole(pass, frame, from)
    const { wordsRead, problem } = pass
    if (problem === undefined) return { isCanonical: true, endsAt: Math.min(end, bytes), wordsRead }
    return {
      isCanonical: false,
      problem: `The ABI encoding ${problem}.`,
      remedy: 'Encode it as Solidity, viem or ethers do: in order, without gaps, and nothing twice.',
      wordsRead,
    }
  }
}

type Pass = {
  readonly text: HexText
  readonly bytes: number
  readonly bounds: EncodingBounds
  wordsRead: number
  problem: string | undefined
}

/** In place of a position, once `problem` is said. */
const failed = -1

function inspectWhole(pass: Pass, frame: Frame, from: number): number {
  const { text, bytes, bounds } = pass
  if (text.length % 2 !== 0) return fail(pass, 'ends in the middle of a byte')
  if (bytes - from > bounds.maxBytes) {
    return fail(pass, `holds ${bytes - from} bytes, and at most ${bounds.maxBytes} are read`)
  }
  const end = inspectFrame(pass, frame, frame.count ?? 0, from)
  if (end === failed || bounds.ending === 'open' || end === bytes) return end
  return fail(pass, `is followed by ${bytes - end} bytes that are not part of it`)
}

/** Heads, and behind them the tails in the same order. Returns where the last of them ends. */
function inspectFrame(
  pass: Pass,
  { members, count, headsBytes }: Frame,
  length: number,
  base: number,
): number {
  let head = base
  let tail = base + (count === undefined ? length * headsBytes : headsBytes)
  if (tail > pass.bytes) return fail(pass, `ends at byte ${pass.bytes}, where values are still to come`)
  for (let index = 0; index < length; index++) {
    const member = members[members.length === 1 ? 0 : index] as EncodingShape
    if (!member.isDynamic) {
      head = inspectStatic(pass, member, head)
      if (head === failed) return failed
      continue
    }
    if (wordAt(pass, head) !== tail - base) {
      return fail(
        pass,
        `has an offset at byte ${head} that is not ${tail - base}, where an encoder puts the data`,
      )
    }
    tail = inspectTail(pass, member, tail)
    if (tail === failed) return failed
    head += wordBytes
  }
  return tail
}

function inspectStatic(pass: Pass, shape: EncodingShape, at: number): number {
  if (shape.kind === 'frame') return inspectFrame(pass, shape, shape.count ?? 0, at)
  pass.wordsRead++
  if (shape.kind === 'word' && !isPadded(pass.text, at, shape.padding)) {
    return fail(pass, `has a value at byte ${at} that its type does not hold`)
  }
  return at + wordBytes
}

function inspectTail(pass: Pass, shape: EncodingShape, at: number): number {
  if (shape.kind !== 'frame') return inspectBytes(pass, at)
  if (shape.count !== undefined) return inspectFrame(pass, shape, shape.count, at)
  const length = wordAt(pass, at)
  const { maxListLength } = pass.bounds
  if (length <= maxListLength) return inspectFrame(pass, shape, length, at + wordBytes)
  return fail(
    pass,
    `has a list at byte ${at} that is longer than the ${maxListLength} elements that are read`,
  )
}

function inspectBytes(pass: Pass, at: number): number {
  const { text, bytes, bounds } = pass
  const length = wordAt(pass, at)
  const end = at + wordBytes + length
  if (end > bytes) return fail(pass, `ends at byte ${bytes}, within the data that begins at byte ${at}`)
  const paddedEnd = end + ((wordBytes - (length % wordBytes)) % wordBytes)
  if (paddedEnd > bytes && bounds.ending === 'exact') {
    return fail(pass, `ends at byte ${bytes}, before the last word is full`)
  }
  pass.wordsRead++
  if (!isFilled(text, end, Math.min(paddedEnd, bytes))) {
    return fail(pass, `fills up the data that begins at byte ${at} with something else than zeros`)
  }
  return paddedEnd
}

/** Infinity where there is none. */
function wordAt(pass: Pass, at: number): number {
  pass.wordsRead++
  return at + wordBytes > pass.bytes ? Number.POSITIVE_INFINITY : readNumber(pass.text, at)
}

function fail(pass: Pass, problem: string): number {
  pass.problem ??= problem
  return failed
}
