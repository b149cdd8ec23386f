// The most preVerificationGas that is signed for: what a bundler's arithmetic comes to for these bytes, landed alone,
// and a little for bundlers that count otherwise. More would go into its bundler's pocket, whoever that is.
// A property test holds our own bundler's demand within it.
import { type Hex, size } from 'viem'
import { encodeOperation, word } from '../encodedOperation.ts'
import type { RequestedOperation } from '../requestedOperation.ts'

export type PreVerificationGasOptions = {
  /** On top of the arithmetic, in percent. */
  readonly slackPercent: number
  /** A signature is not signed for, so its length is anybody's claim: bytes beyond it do not count. */
  readonly maxSignatureBytes: number
  /** Terms of a token other than the compute token name it and its rate. */
  readonly isPaidInErc20?: boolean
  /** Whether its bundler may send through the BundleGuard, whose gas the operation pays for as well. */
  readonly isGuarded?: boolean
}

/** EIP-2028 */
const zeroByteGas = 4
const nonZeroByteGas = 16
/** The transaction, and selector, offset, beneficiary and array length of handleOps. */
const transactionGas = 21_712
/** What EntryPoint v0.7 spends unmetered: once a bundle, and once an operation. */
const entryPointGas = 13_600 + 7_900
/** What the BundleGuard takes for itself: once a bundle and once an operation, and for each word that it hands on. */
const guard = { gas: 5_000 + 4_700, wordGas: 12 } as const
/** Copying callData to the account, by the word. */
const callDataWordGas = 10
const memoryWordGas = 82
/** The words of context that a paymaster may hand to postOp. */
const contextWords = 8
/** An account that asks for executeUserOp is handed the whole operation instead of its callData. */
const executeUserOperation = { selector: '0x8dd7712f', gas: 1_750 } as const

/** The bytes that may still change at their dearest, as a bundler estimates them. */
const anyGas = 0xff_ff_ffn
const anyFee = 0xff_ff_ff_ff_ff_ff_ff_ffn
const ecdsaSignatureBytes = 65
/** Address and two limits, terms of the longest mode but one, signature. */
const paymasterAndDataBytes = 52 + 47 + 65
/** Token and rate. */
const erc20TermsBytes = 36

export function mostPreVerificationGas(
  operation: RequestedOperation,
  { slackPercent, maxSignatureBytes, isPaidInErc20 = false, isGuarded = false }: PreVerificationGasOptions,
): bigint {
  const signatureBytes = Math.min(size(operation.signature ?? '0x') || ecdsaSignatureBytes, maxSignatureBytes)
  const dearest = {
    ...operation,
    preVerificationGas: anyGas,
    verificationGasLimit: anyGas,
    callGasLimit: anyGas,
    maxFeePerGas: anyFee,
    maxPriorityFeePerGas: anyFee,
    signature: filled(signatureBytes),
  }
  const paymasterAndData = filled(paymasterAndDataBytes + (isPaidInErc20 ? erc20TermsBytes : 0))
  const encoded = Buffer.from(`${word(32)}${encodeOperation(dearest, paymasterAndData)}`, 'hex')
  let calldataGas = 0
  for (const byte of encoded) calldataGas += byte === 0 ? zeroByteGas : nonZeroByteGas
  const copyingGas = operation.callData.startsWith(executeUserOperation.selector)
    ? executeUserOperation.gas + words(encoded.length) * memoryWordGas
    : words(size(operation.callData)) * callDataWordGas
  const guardGas = isGuarded ? guard.gas + words(encoded.length) * guard.wordGas : 0
  const contextGas = contextWords * memoryWordGas
  const gas = transactionGas + entryPointGas + calldataGas + copyingGas + contextGas + guardGas
  return BigInt(Math.ceil((gas * (100 + slackPercent)) / 100))
}

function filled(bytes: number): Hex {
  return `0x${'ff'.repeat(bytes)}`
}

function words(bytes: number): number {
  return Math.ceil(bytes / 32)
}
