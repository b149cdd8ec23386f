// Cuts a file into the pieces that a data tree proves one by one.
import type { ByteArray } from 'viem'

/**
 * Splits bytes into chunks of equal size; the last one may be shorter. No bytes are copied.
 *
 * @example
 * import { splitIntoChunks } from '@worldland-aa/sdk/actions/provenance/splitIntoChunks'
 *
 * const chunks = splitIntoChunks(bytes, { chunkBytes: 4096 })
 */
export function splitIntoChunks(
  bytes: ByteArray,
  { chunkBytes }: { readonly chunkBytes: number },
): readonly ByteArray[] {
  if (!Number.isSafeInteger(chunkBytes) || chunkBytes < 1) {
    throw new RangeError(`chunkBytes is ${chunkBytes}, not a whole number above zero`)
  }
  const count = Math.ceil(bytes.length / chunkBytes)
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  )
}
