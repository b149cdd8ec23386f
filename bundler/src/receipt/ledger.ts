// Keeps the record of inclusions in step with the canonical chain and tells mempool and reputation what landed
// and what a reorg took back. One step of the chain is one transaction, the cursor with it: a crash leaves the
// step done or to be done.
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Hash, PublicClient } from 'viem'
import { greater, lesser } from '../extremes.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Inclusion, InclusionReader } from './inclusion.ts'
import type { InclusionStore } from './inclusionStore.ts'
import { lastStanding } from './lastStanding.ts'
import type { ReceiptMetrics } from './metrics.ts'

export type LedgerOptions = {
  readonly client: PublicClient
  readonly reader: InclusionReader
  readonly store: InclusionStore
  readonly mempool: Mempool
  readonly reputation: Reputation
  /** How far back it looks in any case for what changed while nobody watched. */
  readonly rescanBlocks: number
  /** How far back it looks at most for what landed. */
  readonly lookupBlocks: number
  /** Told of what has landed of this mempool's, by whomever. */
  readonly onLanded?: ((landed: readonly Inclusion[]) => void) | undefined
  readonly metrics: ReceiptMetrics
  readonly logger: Logger
}

export type Ledger = {
  /** Takes in what happened since the cursor, and what a reorg did to what stands below it. */
  reconcile(): Promise<void>
  follow(update: ChainUpdate): Promise<void>
  /** Of what a search has found, that which stands in the blocks taken in: a reorg may have come while it searched. */
  takeIn(found: readonly Inclusion[]): Promise<readonly Inclusion[]>
  cursor(): BlockReference | undefined
}

type Step = {
  readonly removed: readonly Inclusion[]
  readonly added: readonly Inclusion[]
  /** Taken in from now on; the last is the cursor. At least one. */
  readonly blocks: readonly BlockReference[]
  /** Number of the lowest block that the chain took back. */
  readonly removedFrom?: bigint | undefined
  readonly landedNowhere?: readonly Hash[]
}

/** Blocks remembered by hash, to tell a repeated or overlapping update from a new one. */
const memoryBlocks = 512

export function createLedger(options: LedgerOptions): Ledger {
  const { client, reader, store, mempool, reputation, metrics, logger } = options
  /** Taken in, oldest first, without a gap; the last is the cursor. */
  let taken: readonly BlockReference[] = []
  let last: Promise<unknown> = Promise.resolve()

  function exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  async function apply({ removed, added, blocks, removedFrom, landedNowhere = [] }: Step): Promise<void> {
    const cursor = blocks.at(-1) as BlockReference
    const back = new Set([...removed.map(({ operationHash }) => operationHash), ...landedNowhere])
    const landed = new Set(added.map(({ operationHash }) => operationHash))
    const lost = [...back].filter(hash => !landed.has(hash))
    if (lost.length > 0) {
      logger.warn({ operations: lost }, 'a reorg took operations out of the chain; they wait again')
    }
    const step = await mempool.prepareStep({
      landed: added.map(({ operationHash: hash, sender, nonce }) => ({ hash, sender, nonce })),
      ...{ lost, removedFrom, head: cursor.number },
    })
    const counts = reputation.prepareInclusions([
      ...step.lost.map(validated => ({ validated, by: -1 as const })),
      ...step.landed.map(validated => ({ validated, by: 1 as const })),
    ])
    await store.apply({ removed, added, cursor }, [step, counts])
    step.apply()
    counts.apply()
    if (step.landed.length > 0) {
      const operations = step.landed.map(({ userOperationHash }) => userOperationHash)
      logger.info({ upToBlock: cursor.number, operations }, 'operations are included')
      const own = new Set(operations)
      options.onLanded?.(added.filter(({ operationHash }) => own.has(operationHash)))
    }
    taken = blocks.slice(-memoryBlocks)
    metrics.landed.inc(added.length)
    metrics.ownLanded.inc(step.landed.length)
    metrics.walkedBack.inc(lost.length)
  }

  async function reconcileNow(): Promise<void> {
    const known = taken.at(-1) ?? (await store.loadCursor())
    const head = await client.getBlock({ blockTag: 'latest' })
    const reference = { number: head.number, hash: head.hash }
    if (known === undefined) return await apply({ removed: [], added: [], blocks: [reference] })
    const standing = await lastStanding({ client, store, cursor: known, head: head.number })
    const height = lesser(known.number, head.number)
    const floor = greater(lesser(standing, height - BigInt(options.rescanBlocks)), 0n)
    // Where nothing stands for so long, what landed earlier is found when someone asks for it.
    const deepest = standing === known.number ? 0n : head.number - BigInt(options.lookupBlocks)
    const from = greater(floor, deepest)
    const canonical = await reader.inRange(from + 1n, head.number)
    const again = await client.getBlock({ blockNumber: head.number })
    // The logs of a range are not of one chain when the chain moved meanwhile.
    if (again.hash !== head.hash) return await reconcileNow()
    const stored = await store.above(floor)
    const isIn = (set: readonly Inclusion[]): ((one: Inclusion) => boolean) => {
      const keys = new Set(set.map(keyOf))
      return one => keys.has(keyOf(one))
    }
    const isCanonical = isIn(canonical)
    const isStored = isIn(stored)
    const removed = stored.filter(
      one => one.blockNumber > (one.blockNumber > from ? from : standing) && !isCanonical(one),
    )
    const added = canonical.filter(one => !isStored(one))
    const landedNowhere = await mempool.landedNowhere()
    logger.info(
      { from: floor, to: head.number, added: added.length, removed: removed.length },
      'the record of inclusions was brought in line with the chain',
    )
    // What ended longer ago than that is over for its sender.
    const removedFrom =
      standing === known.number ? undefined : greater(standing, height - BigInt(options.rescanBlocks)) + 1n
    await apply({ removed, added, blocks: [reference], removedFrom, landedNowhere })
  }

  async function followNow({ added, head }: ChainUpdate): Promise<void> {
    const base = added[0]?.parentHash ?? head.hash
    const position = taken.findIndex(({ hash }) => hash === base)
    if (position === -1) return await reconcileNow()
    const above = taken.slice(position + 1)
    const repeated = added.findIndex(({ hash }, index) => above[index]?.hash !== hash)
    const common = repeated === -1 ? added.length : repeated
    const gone = new Set<Hash>(above.slice(common).map(({ hash }) => hash))
    const fresh = added.slice(common)
    if (gone.size === 0 && fresh.length === 0) return
    const found = await Promise.all(fresh.map(({ hash }) => reader.inBlock(hash)))
    const lowest = taken[position]?.number ?? 0n
    const removed =
      gone.size === 0 ? [] : (await store.above(lowest)).filter(({ blockHash }) => gone.has(blockHash))
    const blocks = [...taken.slice(0, position + 1 + common), ...fresh]
    await apply({
      removed,
      added: found.flat(),
      blocks: blocks.map(({ number, hash }) => ({ number, hash })),
      removedFrom: gone.size === 0 ? undefined : above[common]?.number,
    })
  }

  async function takeInNow(found: readonly Inclusion[]): Promise<readonly Inclusion[]> {
    const [lowest] = taken
    if (lowest === undefined) return []
    const hashes = new Set(taken.map(({ hash }) => hash))
    const standing = found.filter(
      ({ blockNumber, blockHash }) => blockNumber < lowest.number || hashes.has(blockHash),
    )
    if (standing.length > 0) await store.apply({ removed: [], added: standing })
    return standing
  }

  return {
    takeIn: found => exclusively(() => takeInNow(found)),
    reconcile: () => exclusively(reconcileNow),
    follow: update => exclusively(() => followNow(update)),
    cursor: () => taken.at(-1),
  }
}

function keyOf({ operationHash, blockHash }: Inclusion): string {
  return `${operationHash}:${blockHash}`
}
