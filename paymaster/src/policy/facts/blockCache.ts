// What was read from the chain, for as long as its head is the same block: the requests of one block share their reads.
export type BlockCache = <Value>(key: string, read: () => Promise<Value>) => Promise<Value>

/** Of one block; whoever asks for more reads anew. */
const mostKept = 5_000

export function createBlockCache(head: () => string | bigint): BlockCache {
  let block: string | bigint | undefined
  let kept = new Map<string, Promise<unknown>>()
  return (key, read) => {
    const now = head()
    if (now !== block) {
      block = now
      kept = new Map()
    }
    const known = kept.get(key)
    if (known !== undefined) return known as ReturnType<typeof read>
    const reading = read()
    if (kept.size < mostKept) {
      const ofBlock = kept
      ofBlock.set(key, reading)
      // A node that did not answer may answer the next one.
      reading.catch(() => ofBlock.delete(key))
    }
    return reading
  }
}
