// Signs digests in a thread of its own: a signature takes a sixth of all that giving one takes, and those that are given
// together would hold up whoever asks meanwhile. A lone one is made at once: the way to a thread and back takes as long.
import type { Hex } from 'viem'
import { hexOf } from './bytes.ts'
import { signAsked } from './signDigest.ts'
import { createTurnThread } from './turnThread.ts'

export type SigningThread = {
  /** As `signDigest`. */
  sign(privateKey: Hex, digest: Uint8Array): Promise<Hex>
  /** What is asked from then on is done without it. */
  stop(): Promise<void>
}

export function createSigningThread(): SigningThread {
  const thread = createTurnThread({
    entry: '@worldland-aa/service/crypto/signingThreadEntry',
    answer: signAsked,
    fewest: 2,
  })
  return {
    sign: (privateKey, digest) => thread.ask([privateKey, hexOf(digest)]),
    stop: thread.stop,
  }
}
