// Keccak-256 of what comes piece by piece, too large to be in memory at once.
import { createKeccak } from 'hash-wasm'

export type KeccakStream = {
  update(bytes: Uint8Array): void
  /** Once, at the end. */
  digest(): Uint8Array
}

/** Each has a memory of its own: several may be under way at once. */
export async function createKeccakStream(): Promise<KeccakStream> {
  const hasher = (await createKeccak(256)).init()
  return {
    update: bytes => void hasher.update(bytes),
    digest: () => hasher.digest('binary'),
  }
}
