// An operation in the form that contracts take it in, by its ABI. Joined as text: it is built twice for each request, and
// a general encoder takes several times as long.
import type { Hex } from 'viem'
import type { RequestedOperation } from './requestedOperation.ts'

/** Hex digits without `0x`: struct PackedUserOperation of EntryPoint v0.7, as it stands behind its offset. */
export function encodeOperation(operation: RequestedOperation, paymasterAndData: Hex): string {
  const { factory, factoryData = '0x', signature = '0x' } = operation
  const initCode = factory === undefined ? '' : `${factory}${factoryData.slice(2)}`
  const tails = [initCode, operation.callData, paymasterAndData, signature].map(encodeBytes)
  let offset = headWords * 32
  const [initCodeAt, callDataAt, paymasterAndDataAt, signatureAt] = tails.map(tail => {
    const at = word(offset)
    offset += tail.length / 2
    return at
  })
  return [
    ...[operation.sender.slice(2).padStart(64, '0'), word(operation.nonce), initCodeAt, callDataAt],
    ...[halfWord(operation.verificationGasLimit), halfWord(operation.callGasLimit)],
    word(operation.preVerificationGas),
    ...[halfWord(operation.maxPriorityFeePerGas), halfWord(operation.maxFeePerGas)],
    ...[paymasterAndDataAt, signatureAt, ...tails],
  ]
    .join('')
    .toLowerCase()
}

const headWords = 9

export function word(value: bigint | number): string {
  return value.toString(16).padStart(64, '0')
}

function halfWord(value: bigint): string {
  return value.toString(16).padStart(32, '0')
}

function encodeBytes(bytes: string): string {
  const digits = bytes.slice(2)
  return `${word(digits.length / 2)}${digits.padEnd(Math.ceil(digits.length / 64) * 64, '0')}`
}
