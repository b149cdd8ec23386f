// Follows the canonical chain by block hash and tells its listeners what came and what a reorg took back.
// Listeners hear every update at least once, in order; one that fails is asked again at the next poll.
import type { PublicClient } from 'viem'
import type { Part } from '../lifecycle.ts'
import type { Logger } from '../logger.ts'
import type { Block, BlockReference, ChainUpdate } from './block.ts'

export type ChainListener = (update: ChainUpdate) => Promise<void> | void

export type ChainFollowerOptions = {
  readonly client: PublicClient
  readonly pollMilliseconds: number
  /** How many blocks are remembered: the deepest reorg that can be walked back. */
  readonly memoryBlocks: number
  /** The last block the listeners have durably taken in; undefined on a first start, which begins at the head. */
  readonly resumeFrom?: () => BlockReference | undefined
  readonly logger: Logger
}

export type ChainFollower = Part & {
  /** Call before `start`. */
  listen(listener: ChainListener): void
  head(): Block
  /** Looks for a new head now rather than at the next poll. */
  poll(): Promise<void>
  /** Milliseconds since the node last answered; for /health. */
  silentMilliseconds(): number
}

const maxBlocksPerUpdate = 64
/** Blocks below the first that a start looks up: the next reorg may come before any other block. */
const ancestorsAtStart = 64

export function createChainFollower(options: ChainFollowerOptions): ChainFollower {
  const { client, logger } = options
  const listeners: ChainListener[] = []
  /** Oldest first; the last is the tip that every listener has taken in. */
  let known: Block[] = []
  let timer: NodeJS.Timeout | undefined
  let polling: Promise<void> | undefined
  /** The poll after that one, for all who asked meanwhile. */
  let following: Promise<void> | undefined
  let answeredAt = performance.now()
  let stopped = false

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

  /** The next step towards `latest`, or undefined when there is none. */
  async function nextUpdate(latest: Block): Promise<ChainUpdate | undefined> {
    if (latest.hash === tip().hash) return undefined
    // A load-balanced node may lag behind what another one told us.
    if (latest.number < tip().number && known.some(block => block.hash === latest.hash)) return undefined
    const kept = [...known]
    const removed: Block[] = []
    const dropTip = (): void => {
      const last = kept.pop()
      if (last === undefined || kept.length === 0) {
        throw new Error(`A reorg goes deeper than the ${options.memoryBlocks} blocks remembered`)
      }
      removed.push(last)
    }
    while ((kept.at(-1)?.number ?? 0n) > latest.number) dropTip()
    for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
      const canonical = last.number === latest.number ? latest : await fetchBlock(last.number)
      if (canonical.hash === last.hash) break
      dropTip()
    }
    const added: Block[] = []
    let parent = kept.at(-1) ?? tip()
    while (parent.number < latest.number && added.length < maxBlocksPerUpdate) {
      const number = parent.number + 1n
      const block = number === latest.number ? latest : await fetchBlock(number)
      // The chain moved while we walked it: take what fits, the next poll sees the rest.
      if (block.parentHash !== parent.hash) break
      added.push(block)
      parent = block
    }
    if (removed.length === 0 && added.length === 0) return undefined
    return { removed, added, head: parent }
  }

  async function catchUp(): Promise<void> {
    const latest = await fetchBlock('latest')
    for (let update = await nextUpdate(latest); update !== undefined; update = await nextUpdate(latest)) {
      if (update.removed.length > 0) {
        logger.warn(
          { depth: update.removed.length, head: update.head.number, hash: update.head.hash },
          'the chain reorganised',
        )
      }
      for (const listener of listeners) await listener(update)
      const gone = new Set(update.removed.map(block => block.hash))
      known = [...known.filter(block => !gone.has(block.hash)), ...update.added].slice(-options.memoryBlocks)
      if (stopped) return
    }
  }

  function schedule(): void {
    if (stopped) return
    timer = setTimeout(async () => {
      try {
        await poll()
      } catch (error) {
        logger.warn({ error }, 'the chain could not be followed; trying again at the next poll')
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
  function poll(): Promise<void> {
    if (polling === undefined) return look()
    following ??= polling
      .catch(() => undefined)
      .then(() => {
        following = undefined
        return polling ?? look()
      })
    return following
  }

  return {
    name: 'chain follower',
    listen: listener => listeners.push(listener),
    head: tip,
    poll,
    silentMilliseconds: () => performance.now() - answeredAt,
    async start() {
      known = await withAncestors(await firstBlock())
      await poll()
      schedule()
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
