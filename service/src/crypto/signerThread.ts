// Recovers signers in a thread of its own: one takes longer than most of what else a paid request asks of a processor.
import type { Hex } from 'viem'
import { hexOf } from './bytes.ts'
import { recoverAsked } from './recoverSigner.ts'
import { createTurnThread } from './turnThread.ts'

export type SignerThread = {
  /** As `recoverSigner`. */
  signerOf(digest: Uint8Array, signature: Hex): Promise<Hex | undefined>
  /** What is asked from then on is done without it. */
  stop(): Promise<void>
}

export function createSignerThread(): SignerThread {
  const thread = createTurnThread({
    entry: '@worldland-aa/service/crypto/signerThreadEntry',
    answer: recoverAsked,
    fewest: 1,
  })
  return {
    signerOf: (digest, signature) => thread.ask([hexOf(digest), signature]),
    stop: thread.stop,
  }
}
