// An operation that this node never saw is looked for once a block, however often it is asked for; and all that are
// asked for meanwhile are looked for together. A search goes through thousands of blocks, and anyone may ask for any hash.
import type { Hash } from 'viem'
import type { Inclusion } from './inclusion.ts'

export type StrangerSearch = {
  find(operationHash: Hash): Promise<Inclusion | undefined>
  /** The chain has moved on. */
  forget(): void
}

/** Outcomes, found or not: those of the hashes asked for last. */
const remembered = 10_000
/** Hashes in one search. */
const most = 64

type Waiting = {
  readonly operationHash: Hash
  readonly resolve: (found: Inclusion | undefined) => void
  readonly reject: (error: unknown) => void
}

export function createStrangerSearch(
  search: (operationHashes: readonly Hash[]) => Promise<readonly Inclusion[]>,
): StrangerSearch {
  const outcomes = new Map<Hash, Promise<Inclusion | undefined>>()
  const waiting: Waiting[] = []
  let isUnderWay = false

  async function searchAll(): Promise<void> {
    isUnderWay = true
    while (waiting.length > 0) {
      const together = waiting.splice(0, most)
      try {
        const found = await search(together.map(({ operationHash }) => operationHash))
        for (const { operationHash, resolve } of together) {
          resolve(found.find(one => one.operationHash === operationHash))
        }
      } catch (error) {
        // The node does not answer: the others would wait as long for the same.
        for (const { reject } of [...together, ...waiting.splice(0)]) reject(error)
      }
    }
    isUnderWay = false
  }

  function join(operationHash: Hash): Promise<Inclusion | undefined> {
    return new Promise((resolve, reject) => {
      waiting.push({ operationHash, resolve, reject })
      if (!isUnderWay) void searchAll()
    })
  }

  return {
    async find(operationHash) {
      const known = outcomes.get(operationHash)
      if (known !== undefined) return await known
      const searching = join(operationHash)
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
