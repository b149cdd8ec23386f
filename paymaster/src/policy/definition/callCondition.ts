// What a policy asks of the arguments of one function, made ready once: a decoder for its signature, and a test for each
// argument. What cannot be decoded canonically meets no condition.
import { canonicalDecoder, type Decoded } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import type { EncodingBounds } from '@worldland-aa/sdk/protocol/encodingInspector'
import { type AbiFunction, type AbiParameter, type Hex, toFunctionSelector } from 'viem'

export type ArgumentValue = bigint | boolean | string

export type ArgumentTest =
  | { readonly kind: 'oneOf'; readonly values: ReadonlySet<ArgumentValue> }
  | { readonly kind: 'atMost' | 'atLeast'; readonly bound: bigint }
  /** The operation's own account. */
  | { readonly kind: 'sender' }
  /** By the ProviderRegistry of the policy's market. */
  | { readonly kind: 'registeredProvider' }

export type ArgumentCondition = {
  /** For people, as the policy writes it. */
  readonly argument: string
  /** In Solidity's words. */
  readonly type: string
  /** Places on the way: of the argument, then within tuples. */
  readonly path: readonly number[]
  readonly tests: readonly ArgumentTest[]
}

export type CallCondition = {
  readonly selector: Hex
  /** For people. */
  readonly signature: string
  readonly decode: (encoded: Hex) => Decoded<readonly unknown[]>
  readonly arguments: readonly ArgumentCondition[]
  /** Native wei sent with the call. */
  readonly mostValueWei?: bigint
}

/** As for an operation's own callData: no node takes a transaction of more bytes. */
const bounds: EncodingBounds = { maxBytes: 131_072, maxListLength: 256, ending: 'open' }

export function toCallCondition(
  signature: string,
  item: AbiFunction,
  rest: Pick<CallCondition, 'arguments' | 'mostValueWei'>,
): CallCondition {
  const decode = canonicalDecoder(item.inputs, bounds) as CallCondition['decode']
  // Of no arguments there is nothing to decode, and whatever follows is not looked at by the contract either.
  const decodeNothing: CallCondition['decode'] = () => ({ ok: true, values: [] })
  return {
    selector: toFunctionSelector(item),
    signature,
    decode: item.inputs.length === 0 ? decodeNothing : decode,
    ...rest,
  }
}

export type FoundArgument = { readonly path: readonly number[]; readonly type: string }

/** By its name or its place, from 0; into tuples by dots. Undefined where there is none. */
export function findArgument(inputs: readonly AbiParameter[], argument: string): FoundArgument | undefined {
  const path: number[] = []
  let parameters: readonly AbiParameter[] = inputs
  let found: AbiParameter | undefined
  for (const part of argument.split('.')) {
    const index = /^\d{1,3}$/.test(part) ? Number(part) : parameters.findIndex(({ name }) => name === part)
    found = parameters[index]
    if (found === undefined) return undefined
    path.push(index)
    parameters = found.type === 'tuple' && 'components' in found ? found.components : []
  }
  return found === undefined ? undefined : { path, type: found.type }
}

/** Along the path; viem gives tuples as objects where their components have names, and as lists where not. */
export function valueAt(values: readonly unknown[], path: readonly number[]): unknown {
  let value: unknown = values
  for (const index of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = Array.isArray(value) ? value[index] : Object.values(value)[index]
  }
  return value
}

/** As values are compared: addresses and bytes in lower case, integers as bigints. */
export function comparable(value: unknown, type: string): ArgumentValue | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value)
  if (typeof value !== 'string') return undefined
  return type === 'string' ? value : value.toLowerCase()
}
