// Hashes a chunk without holding up whatever else this daemon does: of megabytes a piece at a time.
import { createKeccakStream, type KeccakStream } from '@worldland-aa/service/crypto/keccakStream'

/** Some milliseconds' worth. */
const pieceBytes = 262_144

/** `also`: takes the same bytes, of a file that the chunk is part of. */
export async function hashPatiently(bytes: Uint8Array, also?: KeccakStream): Promise<Uint8Array> {
  const stream = await createKeccakStream()
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes)
    stream.update(piece)
    also?.update(piece)
    await new Promise(setImmediate)
  }
  return stream.digest()
}
