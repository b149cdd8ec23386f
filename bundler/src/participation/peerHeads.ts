// What the other bundlers of the registry say their newest block is: a node whose own node lags cannot see that by itself.
// Most of them must say so, and never one alone; who names blocks before they are made is not believed.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Clock } from '@worldland-aa/service/clock'

export type PeerHeads = {
  /** Of a bundler of the registry; undefined when it is gone. */
  said(bundlerId: number, head: bigint | undefined): void
  /** A block has come here. */
  saw(block: Pick<Block, 'number' | 'timestamp'>): void
  /** From when most name the block after the next one until this node has caught up with them. */
  isBehind(): boolean
}

/** One block less is what comes to one node a moment before it comes to another. */
const behindBlocks = 2n
/** A node that far behind sees it by the clock, and a liar can not name blocks for ever that nobody will see. */
const farthestBlocks = 64n
const leastPeers = 2
const freshMilliseconds = 300_000
/** By how much clocks of miners and nodes may differ. */
const skewMilliseconds = 5_000
const disbeliefMilliseconds = 3_600_000

type Words = {
  newest: bigint
  /** When it named which block that has not come here. */
  readonly named: Map<bigint, number>
  heardAt: number
  disbelievedUntil: number
}

export function createPeerHeads(options: {
  readonly head: () => Pick<Block, 'number'>
  readonly clock: Clock
}): PeerHeads {
  const { head, clock } = options
  const peers = new Map<number, Words>()
  let isBehind = false

  function believed(own: bigint): readonly bigint[] {
    const now = clock.now()
    return [...peers.values()]
      .filter(({ disbelievedUntil, heardAt }) => disbelievedUntil <= now && heardAt > now - freshMilliseconds)
      .map(({ newest }) => newest)
      .filter(newest => newest <= own + farthestBlocks)
  }

  function look(): void {
    const own = head().number
    const heads = [...believed(own)].sort((one, other) => Number(other - one))
    // That one and all before it are a majority.
    const common = heads.length < leastPeers ? undefined : heads[Math.floor(heads.length / 2)]
    if (common === undefined || common <= own) isBehind = false
    else if (common >= own + behindBlocks) isBehind = true
  }

  return {
    said(bundlerId, newest) {
      const now = clock.now()
      const words = peers.get(bundlerId) ?? { newest: 0n, named: new Map(), heardAt: 0, disbelievedUntil: 0 }
      const own = head().number
      // Who comes back has not become any more honest.
      words.newest = newest ?? 0n
      words.heardAt = newest === undefined ? 0 : now
      if (newest !== undefined && newest > own && newest <= own + farthestBlocks && !words.named.has(newest))
        words.named.set(newest, now)
      peers.set(bundlerId, words)
      look()
    },
    saw({ number, timestamp }) {
      const now = clock.now()
      const madeAt = Number(timestamp) * 1_000
      // By a miner's clock that runs ahead nobody is judged.
      const isInTime = madeAt <= now + skewMilliseconds
      for (const words of peers.values()) {
        const namedAt = words.named.get(number) ?? Number.POSITIVE_INFINITY
        if (isInTime && namedAt + skewMilliseconds < madeAt)
          words.disbelievedUntil = now + disbeliefMilliseconds
        for (const named of words.named.keys()) if (named <= number) words.named.delete(named)
      }
      look()
    },
    isBehind() {
      look()
      return isBehind
    },
  }
}
