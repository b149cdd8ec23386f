// What account and paymaster answered: is the signature good, and for how long?
import { decodeAbiParameters, type Hex, size } from 'viem'

export type ValidationData = {
  /** 0 is a good signature, 1 a bad one; anything else names a signature aggregator. */
  readonly aggregator: bigint
  /** Seconds since the Unix epoch. */
  readonly validAfter: number
  /** Seconds since the Unix epoch; 0 for no end. */
  readonly validUntil: number
}

/** ERC-4337 validationData: validAfter (6 bytes) ‖ validUntil (6) ‖ aggregator (20). */
export function unpackValidationData(word: bigint): ValidationData {
  return {
    aggregator: word & ((1n << 160n) - 1n),
    validUntil: Number((word >> 160n) & 0xffffffffffffn),
    validAfter: Number(word >> 208n),
  }
}

/** The answer of validateUserOp; undefined when it is none. */
export function accountValidation(output: Hex): ValidationData | undefined {
  if (size(output) < 32) return undefined
  return unpackValidationData(BigInt(output.slice(0, 66)))
}

/** The answer of validatePaymasterUserOp; undefined when it is none, or was cut for its size. */
export function paymasterValidation(output: Hex): (ValidationData & { context: Hex }) | undefined {
  try {
    const [context, word] = decodeAbiParameters([{ type: 'bytes' }, { type: 'uint256' }], output)
    return { ...unpackValidationData(word), context }
  } catch {
    return undefined
  }
}

/** The time in which both hold. Seconds since the Unix epoch, 0 for no bound. */
export function intersection(all: readonly ValidationData[]): { validAfter: number; validUntil: number } {
  const ends = all.map(data => data.validUntil).filter(until => until > 0)
  return {
    validAfter: Math.max(0, ...all.map(data => data.validAfter)),
    validUntil: ends.length === 0 ? 0 : Math.min(...ends),
  }
}
