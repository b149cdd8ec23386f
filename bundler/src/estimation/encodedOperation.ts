// An operation as it travels in the calldata of handleOps: the bytes a transaction pays for.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type AbiFunction, encodeAbiParameters, type Hex, hexToBytes } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../validation/validatedOperation.ts'

const handleOps = entryPoint07Abi.find(
  item => item.type === 'function' && item.name === 'handleOps',
) as AbiFunction
const [operations] = handleOps.inputs as unknown as [{ type: string; components: readonly [] }]
const operation = { type: 'tuple', components: operations.components }

export type EncodedOperation = {
  /** Its offset in an array of one, and itself. */
  readonly encoded: Hex
  readonly bytes: number
  readonly zeroBytes: number
}

/** Every stage asks for the same operation's bytes, and encoding them is most of their work. */
const remembered = new WeakMap<UserOperation, EncodedOperation>()

/** The operation's part of the calldata. */
export function encodedOperation(userOperation: UserOperation): EncodedOperation {
  const known = remembered.get(userOperation)
  if (known !== undefined) return known
  const encoded = encodeAbiParameters([operation], [toPackedUserOperation(userOperation)] as never)
  const measured = { encoded, ...measure(encoded) }
  remembered.set(userOperation, measured)
  return measured
}

function measure(encoded: Hex): { bytes: number; zeroBytes: number } {
  const bytes = hexToBytes(encoded)
  let zeroBytes = 0
  for (const byte of bytes) if (byte === 0) zeroBytes++
  return { bytes: bytes.length, zeroBytes }
}
