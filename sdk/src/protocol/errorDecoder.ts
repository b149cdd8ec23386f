// Decodes revert data, which any contract on the way may have written.
import { type Abi, type AbiParameter, type Hex, parseAbi, toFunctionSelector } from 'viem'
import { formatAbiItem } from 'viem/utils'
import { canonicalDecoder, type Decoded } from './canonicalDecoder.ts'
import type { EncodingBounds } from './encodingInspector.ts'

export type DecodedError = { readonly errorName: string; readonly args: readonly unknown[] }

/** No reason that a person will read is longer. Hand-written contracts leave the last word unfilled, or add to it. */
const bounds: EncodingBounds = { maxBytes: 16_384, maxListLength: 512, ending: 'open' }

const solidityErrors = parseAbi(['error Error(string)', 'error Panic(uint256)'])

/** Undefined for an error that neither this ABI nor Solidity knows, or that is no encoding of one. */
export function errorDecoder(abi: Abi): (revertData: Hex) => DecodedError | undefined {
  const errors = new Map<string, { name: string; decode: (encoded: Hex) => Decoded<readonly unknown[]> }>()
  for (const item of [...solidityErrors, ...abi]) {
    if (item.type !== 'error') continue
    const inputs: readonly AbiParameter[] = item.inputs
    errors.set(toFunctionSelector(formatAbiItem(item)), {
      name: item.name,
      decode: canonicalDecoder(inputs, bounds),
    })
  }
  return revertData => {
    const error = errors.get(revertData.slice(0, 10).toLowerCase())
    const decoded = error?.decode(`0x${revertData.slice(10)}`)
    return error && decoded?.ok ? { errorName: error.name, args: decoded.values } : undefined
  }
}
