// What account and paymaster answered: is the signature good, and for how long?
import { canonicalDecoder } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import { type Hex, parseAbiParameters, size } from 'viem'

export type ValidationData = {
  /** 0 is a good signature, 1 a bad one; anything else names a signature aggregator. */
  readonly aggregator: bigint
  /** Seconds since the Unix epoch. */
  readonly validAfter: number
  /** Seconds since the Unix epoch; 0 for no end. */
  readonly validUntil: number
  /** Block numbers, in place of the time. */
  readonly blocks?: BlockRange
}

/** Valid in blocks above `after`, up to `until`. */
export type BlockRange = { readonly after: number; readonly until: number }

type Reading = { readonly hasBlockRanges: boolean }

/** On both bounds: they count blocks. EntryPoint v0.9 */
const blockRangeFlag = 2 ** 47
const noEnd = 2 ** 48 - 1

/** ERC-4337 validationData: validAfter (6 bytes) ‖ validUntil (6) ‖ aggregator (20). */
export function unpackValidationData(word: bigint, { hasBlockRanges }: Reading): ValidationData {
  const aggregator = word & ((1n << 160n) - 1n)
  const validUntil = Number((word >> 160n) & 0xffffffffffffn)
  const validAfter = Number(word >> 208n)
  if (hasBlockRanges && validAfter > blockRangeFlag && (validUntil || noEnd) > blockRangeFlag) {
    const blocks = { after: validAfter - blockRangeFlag, until: (validUntil || noEnd) - blockRangeFlag }
    return { aggregator, validAfter: 0, validUntil: 0, blocks }
  }
  return { aggregator, validUntil, validAfter }
}

/** The answer of validateUserOp; undefined when it is none. */
export function accountValidation(output: Hex, reading: Reading): ValidationData | undefined {
  if (size(output) < 32) return undefined
  return unpackValidationData(BigInt(output.slice(0, 66)), reading)
}

/** The answer of validatePaymasterUserOp; undefined when it is none, or was cut for its size. */
export function paymasterValidation(
  output: Hex,
  reading: Reading,
): (ValidationData & { context: Hex }) | undefined {
  const answer = paymasterAnswer(output)
  return answer && { ...unpackValidationData(answer.word, reading), context: answer.context }
}

/** Above what memory leaves room for within a validation's gas. */
const maxAnswerBytes = 131_072

const decodeAnswer = canonicalDecoder(parseAbiParameters('bytes, uint256'), {
  maxBytes: maxAnswerBytes,
  maxListLength: 0,
  ending: 'open',
})

/** The context alone, whatever the version. */
export function paymasterAnswer(output: Hex): { readonly context: Hex; readonly word: bigint } | undefined {
  const decoded = decodeAnswer(output)
  if (!decoded.ok) return undefined
  const [context, word] = decoded.values
  return { context, word }
}

/** The time in which both hold. Seconds since the Unix epoch, 0 for no bound. */
export function intersection(all: readonly ValidationData[]): { validAfter: number; validUntil: number } {
  const ends = all.map(data => data.validUntil).filter(until => until > 0)
  return {
    validAfter: Math.max(0, ...all.map(data => data.validAfter)),
    validUntil: ends.length === 0 ? 0 : Math.min(...ends),
  }
}

/** The blocks in which both hold; undefined where neither counts them. */
export function blockIntersection(all: readonly ValidationData[]): BlockRange | undefined {
  const ranges = all.flatMap(({ blocks }) => blocks ?? [])
  if (ranges.length === 0) return undefined
  return {
    after: Math.max(...ranges.map(({ after }) => after)),
    until: Math.min(...ranges.map(({ until }) => until)),
  }
}
