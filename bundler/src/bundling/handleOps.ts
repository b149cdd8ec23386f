// The bundle's calldata, and what the EntryPoint says to it: the very call that will be sent, asked
// of the node first.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  type Address,
  BaseError,
  decodeErrorResult,
  getAbiItem,
  type Hex,
  type PublicClient,
  parseAbi,
  toFunctionSelector,
} from 'viem'
import { encodedOperation } from '../estimation/encodedOperation.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const selector = toFunctionSelector(getAbiItem({ abi: entryPoint07Abi, name: 'handleOps' }))

/** handleOps(operations, beneficiary), put together from operations that are encoded already. */
export function encodeHandleOps(operations: readonly ValidatedOperation[], beneficiary: Address): Hex {
  // Each is encoded as an array's only element: the offset to itself, and its bytes.
  const bodies = operations.map(({ userOperation }) => bodyOf(encodedOperation(userOperation).encoded))
  const offsets: number[] = []
  let next = operations.length * 32
  for (const body of bodies) {
    offsets.push(next)
    next += body.length / 2
  }
  const head = [word(0x40), beneficiary.slice(2).toLowerCase().padStart(64, '0'), word(operations.length)]
  return `${selector}${[...head, ...offsets.map(word), ...bodies].join('')}`
}

function word(value: number): string {
  return value.toString(16).padStart(64, '0')
}

/** Without 0x and the first word. */
function bodyOf(encoded: Hex): string {
  return encoded.slice(2 + 64)
}

export type Simulation =
  | { readonly kind: 'success' }
  /** This operation must not be in the bundle. */
  | { readonly kind: 'failed'; readonly index: number; readonly reason: string; readonly inner?: Hex }
  /** The EntryPoint reverted without naming an operation; `reason` is its text, if any. */
  | { readonly kind: 'reverted'; readonly reason?: string }

/** Throws when the node does not answer, or answers anything but a revert. */
export async function simulateHandleOps(
  client: PublicClient,
  call: { from: Address; to: Address; data: Hex; gas: bigint },
): Promise<Simulation> {
  const { from, to, data, gas } = call
  try {
    await client.request({
      method: 'eth_call',
      params: [{ from, to, data, gas: `0x${gas.toString(16)}` }, 'latest'],
    })
    return { kind: 'success' }
  } catch (error) {
    const revertData = readRevertData(error)
    if (revertData === undefined) throw error
    return readFailure(revertData)
  }
}

const revertAbi = [...entryPoint07Abi, ...parseAbi(['error Error(string reason)'])] as const

function readFailure(data: Hex): Simulation {
  try {
    const { errorName, args } = decodeErrorResult({ abi: revertAbi, data })
    if (errorName === 'FailedOp') return { kind: 'failed', index: Number(args[0]), reason: args[1] }
    if (errorName === 'Error') return { kind: 'reverted', reason: args[0] }
    if (errorName === 'FailedOpWithRevert') {
      return { kind: 'failed', index: Number(args[0]), reason: args[1], inner: args[2] }
    }
  } catch {
    // Not an error of the EntryPoint: the caller has to find out whose it is.
  }
  return { kind: 'reverted' }
}

/** JSON-RPC code 3 is a revert; its data stands beside it (geth, anvil and others), perhaps one level deeper. */
function readRevertData(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined
  const revert = error.walk(cause => hasCode(cause, 3) || readHex(cause) !== undefined)
  if (revert === null) return undefined
  return readHex(revert) ?? '0x'
}

function hasCode(error: unknown, code: number): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}

function readHex(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined
  const data = error.data
  if (typeof data === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(data)) return data as Hex
  return typeof data === 'object' ? readHex(data) : undefined
}
