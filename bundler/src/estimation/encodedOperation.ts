// An operation as it travels in the calldata of handleOps: the bytes a transaction pays for.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type AbiFunction, encodeAbiParameters, type Hex, hexToBytes } from 'viem'
import { type PackedUserOperation, toPackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../validation/validatedOperation.ts'

const handleOps = entryPoint07Abi.find(
  item => item.type === 'function' && item.name === 'handleOps',
) as AbiFunction
const [operations] = handleOps.inputs as unknown as [{ type: string; components: readonly [] }]
const operation = { type: 'tuple', components: operations.components }

export type EncodedOperation = { readonly bytes: number; readonly zeroBytes: number }

/** The operation's part of the calldata: its offset in the array, and itself. */
export function encodedOperation(userOperation: UserOperation): EncodedOperation {
  return measure(encode(toPackedUserOperation(userOperation)))
}

export function encode(packed: PackedUserOperation): Hex {
  return encodeAbiParameters([operation], [packed] as never)
}

function measure(encoded: Hex): EncodedOperation {
  const bytes = hexToBytes(encoded)
  let zeroBytes = 0
  for (const byte of bytes) if (byte === 0) zeroBytes++
  return { bytes: bytes.length, zeroBytes }
}
