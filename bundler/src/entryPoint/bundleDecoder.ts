// Reads the operations out of the calldata of handleOps, handleAggregatedOps or the BundleGuard's handleOps, which anyone
// may have written.
import { encodingInspector } from '@worldland-aa/sdk/protocol/encodingInspector'
import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  decodeAbiParameters,
  getAbiItem,
  type Hex,
} from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'

export type BundlingFunction = 'handleOps' | 'handleAggregatedOps' | 'guardedHandleOps'

export type DecodedBundle = {
  /** Undefined where no encoder's arguments of the function stand. */
  readonly found?: {
    readonly operations: readonly UserOperation[]
    /** The byte behind the arguments. */
    readonly endsAt: number
  }
  /** What it took to see that. */
  readonly wordsRead: number
}

/** The arguments of `name` that begin at byte `from`; anything may follow them. */
export type BundleDecoder = (calldata: Hex, name: BundlingFunction, from: number) => DecodedBundle

/** Eight times what nodes take from strangers; a miner may put as much into a block of its own. */
export const maxBundleBytes = 1_048_576

type Packed<Struct> = readonly Struct[]
type Grouped<Struct> = readonly { readonly userOps: Packed<Struct> }[]

export function bundleDecoder<Struct>(
  abi: Abi,
  operationOf: (struct: Struct) => UserOperation,
): BundleDecoder {
  const functions = {
    handleOps: bundlingFunction(abi, 'handleOps', operations => operations as Packed<Struct>),
    handleAggregatedOps: bundlingFunction(abi, 'handleAggregatedOps', groups =>
      (groups as Grouped<Struct>).flatMap(({ userOps }) => userOps),
    ),
    guardedHandleOps: bundlingFunction(abi, 'handleOps', operations => operations as Packed<Struct>, [
      { name: 'lastBlock', type: 'uint256' },
    ]),
  }
  return (calldata, name, from) => {
    const { inspect, inputs, structsIn } = functions[name]
    const inspection = inspect(calldata, from)
    const { wordsRead } = inspection
    if (!inspection.isCanonical) return { wordsRead }
    const { endsAt } = inspection
    const [first] = decodeAbiParameters(inputs, `0x${calldata.slice(2 + 2 * from, 2 + 2 * endsAt)}`)
    return { found: { operations: structsIn(first).map(operationOf), endsAt }, wordsRead }
  }
}

function bundlingFunction<Struct>(
  abi: Abi,
  name: 'handleOps' | 'handleAggregatedOps',
  structsIn: (firstArgument: unknown) => Packed<Struct>,
  more: readonly AbiParameter[] = [],
) {
  const inputs = [...(getAbiItem({ abi, name }) as AbiFunction).inputs, ...more]
  const inspect = encodingInspector(inputs, {
    maxBytes: maxBundleBytes,
    // As many as there are bytes for.
    maxListLength: maxBundleBytes / 32,
    ending: 'open',
  })
  return { inputs, inspect, structsIn }
}
