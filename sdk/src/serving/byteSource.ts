// Bytes that are at hand, or come piece by piece (of a file, of a response), cut anew into pieces of the sizes wanted.

export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>

export type Segment = { readonly bytes: Uint8Array; readonly index: number; readonly isLast: boolean }

/** At least one segment, be it empty; all but the last are full. Holds no more than two at a time. */
export async function* segmentsOf(
  source: ByteSource,
  sizes: { readonly first: number; readonly next: number },
): AsyncGenerator<Segment> {
  let index = 0
  let buffer = new Uint8Array(sizes.first)
  let filled = 0
  for await (const piece of source instanceof Uint8Array ? [source] : source) {
    for (let at = 0; at < piece.length; ) {
      // Only now is it known that more comes after a full segment.
      if (filled === buffer.length) {
        yield { bytes: buffer, index, isLast: false }
        index += 1
        buffer = new Uint8Array(sizes.next)
        filled = 0
      }
      const taken = piece.subarray(at, at + buffer.length - filled)
      buffer.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  }
  yield { bytes: buffer.subarray(0, filled), index, isLast: true }
}
