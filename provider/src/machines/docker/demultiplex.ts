// Output and errors come from the engine in one stream of frames: eight bytes of head, which name the stream and the
// length, then the bytes. Handed on piece by piece: a frame may be longer than memory.

export type Piece = { readonly isError: boolean; readonly bytes: Uint8Array }

const headBytes = 8

export async function* demultiplex(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let head = Buffer.alloc(0)
  let left = 0
  let isError = false
  for await (const chunk of stream) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    while (rest.length > 0) {
      if (left === 0) {
        const missing = headBytes - head.length
        head = Buffer.concat([head, rest.subarray(0, missing)])
        rest = rest.subarray(missing)
        if (head.length < headBytes) continue
        isError = head[0] === 2
        left = head.readUInt32BE(4)
        head = Buffer.alloc(0)
        continue
      }
      const bytes = rest.subarray(0, left)
      left -= bytes.length
      rest = rest.subarray(bytes.length)
      yield { isError, bytes }
    }
  }
}
