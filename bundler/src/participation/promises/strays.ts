// Promises that came before the operation they are about: kept for it a while, the oldest go first.
import type { Hash } from 'viem'
import type { SignedInclusionPromise } from '../gossip/messages.ts'

export type Strays = {
  add(promise: SignedInclusionPromise): void
  /** Those about this operation; they are gone then. */
  take(hash: Hash): readonly SignedInclusionPromise[]
}

export function createStrays(most: number): Strays {
  const strays = new Set<SignedInclusionPromise>()
  return {
    add(promise) {
      strays.add(promise)
      const [oldest] = strays
      if (strays.size > most && oldest !== undefined) strays.delete(oldest)
    },
    take(hash) {
      const found = [...strays].filter(({ promise }) => promise.userOpHash === hash)
      for (const one of found) strays.delete(one)
      return found
    },
  }
}
