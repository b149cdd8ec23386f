// What the court has said of a promise, if that is its last word: it may have been told more than this node remembers.
import * as promiseCourt from '@worldland-aa/sdk/abi/promiseCourt'
import type { Hash, PublicClient } from 'viem'
import type { KnownPromise } from '../promiseStore.ts'
import { promiseDigest } from '../signPromise.ts'

export type Word = 'excused' | 'landed' | 'fined'

export type CourtWord = {
  /** As of this block. */
  on(promise: Pick<KnownPromise, 'promise' | 'court'>, blockHash: Hash): Promise<Word | undefined>
}

/** As the contract numbers the states of a case. */
const words: Readonly<Record<number, Word | undefined>> = { 2: 'excused', 3: 'landed', 4: 'fined' }

export function createCourtWord(options: {
  readonly client: Pick<PublicClient, 'readContract'>
  readonly chainId: number
}): CourtWord {
  const { client, chainId } = options
  return {
    async on({ promise, court }, blockHash) {
      const { state } = await client.readContract({
        address: court,
        abi: [promiseCourt.caseOf],
        functionName: 'caseOf',
        args: [promiseDigest(promise, { chainId, court })],
        blockHash,
      })
      return words[state]
    },
  }
}
