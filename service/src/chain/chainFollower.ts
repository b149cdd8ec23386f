// Follows the canonical chain by block hash and tells its listeners what came and what a reorg took back.
// Listeners hear every update at least once, in order; one that fails is asked again at the next poll.
// A node that shows less than before lags, or has lost its chain: after some patience its word is taken.
import type { PublicClient } from 'viem'
import type { Part } from '../lifecycle.ts'
import type { Logger } from '../logger.ts'
import { createOutageLog } from '../outageLog.ts'
import type { Block, BlockReference, ChainUpdate } from './block.ts'
import { createShortfallWatch, describeShortfall, type Patience, type Shortfall } from './shortfall.ts'

export type ChainListener = (update: ChainUpdate) => Promise<void> | void

export type ChainFollowerOptions = {
  readonly client: PublicClient
  readonly pollMilliseconds: number
  /** How many blocks are remembered: the deepest reorg that is told block by block. */
  readonly memoryBlocks: number
  /** With a node that shows less of the chain than before. */
  readonly patience: Patience
  /** The last block the listeners have durably taken in; undefined on a first start, which begins at the head. */
  readonly resumeFrom?: () => BlockReference | undefined
  readonly logger: Logger
}

export type ChainFollower = Part & {
  /** Call before `start`. */
  listen(listener: ChainListener): void
  head(): Block
  /** Looks for a new head now rather than at the next poll; after a stop nobody does. */
  poll(): Promise<void>
  /** Set while the node shows less of the chain than before; for /health and for whoever is turned away. */
  shortfall(): Shortfall | undefined
  /** Milliseconds since the node last answered; for /health. */
  silentMilliseconds(): number
}

const maxBlocksPerUpdate = 64
/** Blocks below the first that a start looks up: the next reorg may come before any other block. */
const ancestorsAtStart = 64

export function createChainFollower(options: ChainFollowerOptions): ChainFollower {
  const { client, logger } = options
  const outage = createOutageLog(logger)
  const listeners: ChainListener[] = []
  /** Oldest first; the last is the tip that every listener has taken in. */
  let known: Block[] = []
  let timer: NodeJS.Timeout | undefined
  let polling: Promise<void> | undefined
  /** The poll after that one, for all who asked meanwhile. */
  let following: Promise<void> | undefined
  let answeredAt = performance.now()
  let stopped = false
  let isShortfallTold = false
  const watch = createShortfallWatch(options.patience)

  async function fetchBlock(reference: 'latest' | bigint): Promise<Block> {
    const block = await client.getBlock(
      reference === 'latest' ? { blockTag: 'latest' } : { blockNumber: reference },
    )
    answeredAt = performance.now()
    if (block.hash === null || block.number === null) throw new Error('The node answered a pending block')
    return {
      number: block.number,
      hash: block.hash,
      parentHash: block.parentHash,
      timestamp: block.timestamp,
      baseFeePerGas: block.baseFeePerGas ?? 0n,
      gasLimit: block.gasLimit,
    }
  }

  function tip(): Block {
    const last = known.at(-1)
    if (last === undefined) throw new Error('The chain follower has not started')
    return last
  }

  /** The next step towards `latest`; undefined when there is none, or when nothing of it is remembered. */
  async function nextUpdate(latest: Block): Promise<ChainUpdate | undefined> {
    const kept = [...known]
    const removed: Block[] = []
    const dropTip = (): void => {
      const last = kept.pop()
      if (last !== undefined) removed.push(last)
    }
    while ((kept.at(-1)?.number ?? 0n) > latest.number) dropTip()
    for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
      const canonical = last.number === latest.number ? latest : await fetchBlock(last.number)
      if (canonical.hash === last.hash) break
      dropTip()
    }
    let parent = kept.at(-1)
    if (parent === undefined) return undefined
    const added: Block[] = []
    while (parent.number < latest.number && added.length < maxBlocksPerUpdate) {
      const number: bigint = parent.number + 1n
      const block: Block = number === latest.number ? latest : await fetchBlock(number)
      // The chain moved while we walked it: take what fits, the next poll sees the rest.
      if (block.parentHash !== parent.hash) break
      added.push(block)
      parent = block
    }
    return { removed, added, head: parent }
  }

  /** A load-balanced node may lag behind what another one told us. */
  function fallsShort(latest: Block): boolean {
    if (latest.number >= tip().number) return false
    const lowest = known[0]?.number ?? 0n
    return latest.number < lowest || known.some(({ hash }) => hash === latest.hash)
  }

  function isLost(latest: Block): boolean {
    const lost = watch.fellShort(latest, tip())
    const shortfall = watch.current()
    if (shortfall !== undefined && !isShortfallTold) {
      isShortfallTold = true
      logger.warn(shortfall, describeShortfall(shortfall))
    }
    return lost
  }

  async function take(update: ChainUpdate): Promise<void> {
    if (update.removed.length > 0) {
      const { number, hash } = update.head
      logger.warn({ depth: update.removed.length, head: number, hash }, 'the chain reorganised')
    }
    for (const listener of listeners) await listener(update)
    const gone = new Set(update.removed.map(block => block.hash))
    known = [...known.filter(block => !gone.has(block.hash)), ...update.added].slice(-options.memoryBlocks)
  }

  /** As a start does: nothing that is remembered stands, and the listeners find out from the chain what does. */
  async function startOver(head: Block): Promise<void> {
    logger.error(
      { head: head.number, hash: head.hash, known: tip().number },
      'the chain has none of the blocks remembered; all is taken from the chain anew',
    )
    const branch = await withAncestors(head)
    const update = { removed: known.toReversed(), added: [], head, isBeyondMemory: true } as const
    for (const listener of listeners) await listener(update)
    known = branch
  }

  async function catchUp(): Promise<void> {
    const latest = await fetchBlock('latest')
    if (fallsShort(latest) && !isLost(latest)) return
    while (latest.hash !== tip().hash) {
      const update = await nextUpdate(latest)
      if (update === undefined) {
        if (!fallsShort(latest) && !isLost(latest)) return
        await startOver(latest)
        break
      }
      if (update.removed.length === 0 && update.added.length === 0) break
      await take(update)
      if (stopped) return
    }
    watch.caughtUp()
    isShortfallTold = false
  }

  function schedule(): void {
    if (stopped) return
    timer = setTimeout(async () => {
      try {
        await poll()
        outage.over('the chain is followed again')
      } catch (error) {
        outage.begun({ error }, 'the chain cannot be followed; trying again at each poll')
      }
      schedule()
    }, options.pollMilliseconds)
  }

  function look(): Promise<void> {
    polling = catchUp().finally(() => {
      polling = undefined
    })
    return polling
  }

  /** One that is under way may have asked the node before the block that its caller knows of. */
  async function poll(): Promise<void> {
    // Whom the listeners wrote to may be gone.
    if (stopped) return
    if (polling === undefined) return await look()
    following ??= polling
      .catch(() => undefined)
      .then(() => {
        following = undefined
        return stopped ? undefined : (polling ?? look())
      })
    await following
  }

  return {
    name: 'chain follower',
    listen: listener => listeners.push(listener),
    head: tip,
    poll,
    shortfall: watch.current,
    silentMilliseconds: () => performance.now() - answeredAt,
    async start() {
      known = await withAncestors(await firstBlock())
      await poll()
      schedule()
    },
    giveUp() {
      stopped = true
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await polling?.catch(() => undefined)
    },
  }

  /** Where a restart takes up the chain: the block it knew, or, if a reorg took it, the head. */
  async function firstBlock(): Promise<Block> {
    const from = options.resumeFrom?.()
    if (from === undefined) return await fetchBlock('latest')
    const latest = await fetchBlock('latest')
    if (latest.number < from.number) return latest
    return await fetchBlock(from.number)
  }

  /** Oldest first. */
  async function withAncestors(block: Block): Promise<Block[]> {
    const depth = Math.min(ancestorsAtStart, options.memoryBlocks - 1, Number(block.number))
    const below = Array.from({ length: depth }, (_, index) => block.number - BigInt(index + 1))
    const branch = [block]
    for (const ancestor of await Promise.all(below.map(fetchBlock))) {
      // A reorg while they were fetched: what does not lead to this block is of another branch.
      if (branch[0]?.parentHash !== ancestor.hash) break
      branch.unshift(ancestor)
    }
    return branch
  }
}
