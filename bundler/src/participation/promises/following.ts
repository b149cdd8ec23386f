// The promises whose end is not certain yet, in memory, and what has become of each as of the head. A reorg walks back
// what it took.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Hash } from 'viem'
import type { Database } from '../../database.ts'
import { greater, lesser } from '../../extremes.ts'
import { placeOf, readNonceUses } from './nonceUses.ts'
import { type NonceUse, stateOfPromise } from './promiseState.ts'
import type { KnownPromise, PromiseStore } from './promiseStore.ts'

export type Following = {
  /** Takes up those that may not be certain yet. */
  start(): Promise<void>
  add(promise: KnownPromise): void
  /** Of an operation, as they stand. */
  of(operationHash: Hash): readonly KnownPromise[]
  all(): Iterable<KnownPromise>
  /** The promises that are in another state since. */
  onChainUpdate(update: ChainUpdate): Promise<readonly KnownPromise[]>
  /** Its operation cannot land any more. */
  excuse(promise: KnownPromise): Promise<KnownPromise>
}

/** Read again at each step: what came in while the last one was read. */
const overlapBlocks = 4n

type Followed = { known: KnownPromise; nonceUse: NonceUse | undefined }

export type FollowingOptions = {
  readonly database: Database
  readonly store: PromiseStore
  /** Depth at which a landing is certain. */
  readonly finalityBlocks: number
  /** Blocks after its own for which a promise that was not kept is of interest: till no court hears of it. */
  readonly keepBlocks: () => number
}

export function createFollowing(options: FollowingOptions): Following {
  const { database, store, finalityBlocks, keepBlocks } = options
  const byOperation = new Map<Hash, Followed[]>()
  const byPlace = new Map<string, Set<Followed>>()
  /** The first step after a start reads from here on. */
  let unreadSince: bigint | undefined

  function add(known: KnownPromise, nonceUse?: NonceUse): void {
    const { userOpHash, bundlerId } = known.promise
    const siblings = byOperation.get(userOpHash) ?? []
    if (siblings.some(one => one.known.promise.bundlerId === bundlerId && one.known.court === known.court))
      return
    const followed: Followed = { known, nonceUse }
    byOperation.set(userOpHash, [...siblings, followed])
    const place = placeOf(known.promise)
    const neighbours = byPlace.get(place) ?? new Set()
    byPlace.set(place, neighbours.add(followed))
  }

  function letGo(followed: Followed): void {
    const { userOpHash } = followed.known.promise
    const siblings = byOperation.get(userOpHash)?.filter(one => one !== followed) ?? []
    if (siblings.length === 0) byOperation.delete(userOpHash)
    else byOperation.set(userOpHash, siblings)
    const place = placeOf(followed.known.promise)
    const neighbours = byPlace.get(place)
    neighbours?.delete(followed)
    if (neighbours?.size === 0) byPlace.delete(place)
  }

  function* everyone(): Iterable<Followed> {
    for (const siblings of byOperation.values()) yield* siblings
  }

  /** What landed in these blocks and above is read anew. */
  async function look(fromBlock: bigint, head: bigint): Promise<readonly KnownPromise[]> {
    const uses = await readNonceUses(database, fromBlock)
    for (const one of everyone()) {
      if (one.nonceUse !== undefined && one.nonceUse.blockNumber >= fromBlock) one.nonceUse = undefined
    }
    for (const [place, use] of uses) {
      for (const one of byPlace.get(place) ?? []) one.nonceUse = use
    }
    const changed: KnownPromise[] = []
    for (const one of everyone()) {
      const { known, nonceUse } = one
      const { userOpHash, latestBlock } = known.promise
      const state = stateOfPromise({ userOpHash, latestBlock, head, nonceUse, isExcused: known.isExcused })
      if (state === known.state) continue
      one.known = { ...known, state }
      changed.push(one.known)
    }
    return changed
  }

  function isCertain({ known, nonceUse }: Followed, head: bigint): boolean {
    return nonceUse === undefined
      ? head > known.promise.latestBlock + BigInt(keepBlocks())
      : head >= greater(nonceUse.blockNumber, known.promise.latestBlock) + BigInt(finalityBlocks)
  }

  async function step(fromBlock: bigint, head: bigint): Promise<readonly KnownPromise[]> {
    const changed = await look(fromBlock, head)
    for (const one of [...everyone()]) if (isCertain(one, head)) letGo(one)
    await store.setStates(changed)
    return changed
  }

  return {
    async start() {
      const newest = await store.newestBlock()
      if (newest === undefined) return
      for (const known of await store.from(greater(newest - BigInt(keepBlocks()), 0n))) {
        add(known)
        unreadSince = lesser(unreadSince ?? known.knownSinceBlock, known.knownSinceBlock)
      }
    },
    add: known => add(known),
    of: hash => (byOperation.get(hash) ?? []).map(({ known }) => known),
    *all() {
      for (const { known } of everyone()) yield known
    },
    async onChainUpdate({ removed, added, head, isBeyondMemory }) {
      const touched = [...removed, ...added].map(({ number }) => number)
      const lowest = isBeyondMemory === true ? 0n : touched.reduce(lesser, head.number)
      const changed = await step(
        greater(lesser(lowest - overlapBlocks, unreadSince ?? lowest), 0n),
        head.number,
      )
      unreadSince = undefined
      return changed
    },
    async excuse(promise) {
      const { userOpHash, bundlerId } = promise.promise
      const followed = byOperation
        .get(userOpHash)
        ?.find(({ known }) => known.promise.bundlerId === bundlerId && known.court === promise.court)
      const excused: KnownPromise = {
        ...promise,
        isExcused: true,
        state: followed?.nonceUse === undefined ? 'void' : promise.state,
      }
      if (followed !== undefined) followed.known = excused
      await store.setStates([excused])
      return excused
    },
  }
}
