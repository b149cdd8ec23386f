// An operation that this node never saw is looked for once a block, however often it is asked for.
import type { Hash } from 'viem'
import type { Inclusion } from './inclusion.ts'

export type StrangerSearch = {
  find(operationHash: Hash): Promise<Inclusion | undefined>
  /** The chain has moved on. */
  forget(): void
}

/** Outcomes, found or not: those of the hashes asked for last. */
const remembered = 10_000

export function createStrangerSearch(
  search: (operationHash: Hash) => Promise<Inclusion | undefined>,
): StrangerSearch {
  const outcomes = new Map<Hash, Promise<Inclusion | undefined>>()
  return {
    async find(operationHash) {
      const known = outcomes.get(operationHash)
      if (known !== undefined) return await known
      const searching = search(operationHash)
      outcomes.set(operationHash, searching)
      const [oldest] = outcomes.keys()
      if (outcomes.size > remembered && oldest !== undefined) outcomes.delete(oldest)
      try {
        return await searching
      } catch (error) {
        if (outcomes.get(operationHash) === searching) outcomes.delete(operationHash)
        throw error
      }
    },
    forget: () => outcomes.clear(),
  }
}
