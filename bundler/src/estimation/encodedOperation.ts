// An operation as it travels in the calldata of handleOps: the bytes a transaction pays for.

import { passingBytesOf } from '@worldland-aa/service/crypto/bytes'
import type { Hex } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

export type EncodedOperation = {
  /** Its offset in an array of one, and itself. */
  readonly encoded: Hex
  readonly bytes: number
  readonly zeroBytes: number
}

/** Every stage asks for the same operation's bytes, and encoding them is most of their work. */
const remembered = new WeakMap<UserOperation, EncodedOperation>()

/** The operation's part of the calldata. An operation is only ever encoded for one EntryPoint. */
export function encodedOperation(
  userOperation: UserOperation,
  version: Pick<EntryPointVersion, 'encode'>,
): EncodedOperation {
  const known = remembered.get(userOperation)
  if (known !== undefined) return known
  const encoded = version.encode(userOperation)
  const measured = { encoded, ...measure(encoded) }
  remembered.set(userOperation, measured)
  return measured
}

function measure(encoded: Hex): { bytes: number; zeroBytes: number } {
  const bytes = passingBytesOf(encoded)
  let zeroBytes = 0
  for (const byte of bytes) if (byte === 0) zeroBytes++
  return { bytes: bytes.length, zeroBytes }
}
