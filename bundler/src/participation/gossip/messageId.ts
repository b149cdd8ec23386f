// The id of a gossiped message (bundler-spec): of what it says, not of how it is compressed. What cannot be
// uncompressed is refused before it needs one.
import { createHash } from 'node:crypto'

const validSnappy = Uint8Array.of(1, 0, 0, 0)

/** SHA256(0x01000000 ‖ u64le(length of topic) ‖ topic ‖ uncompressed)[:20] */
export function messageIdOf(topic: string, uncompressed: Uint8Array): Uint8Array {
  const name = Buffer.from(topic, 'utf8')
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(name.length))
  const digest = createHash('sha256').update(validSnappy).update(length).update(name).update(uncompressed)
  return new Uint8Array(digest.digest().subarray(0, 20))
}
