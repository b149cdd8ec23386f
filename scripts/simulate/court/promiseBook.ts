// Inclusion promises: who signs one, whether it is kept, and what the court makes of one that is not.
import { createHeap } from '@worldland-aa/bundler/mempool/heap'
import { latestBlockOf } from '@worldland-aa/bundler/participation/promises/latestBlock'
import type { Calibration } from '../calibration.ts'
import type { Branch } from '../chain/chain.ts'
import type { Network } from '../network.ts'
import type { BundlerNode } from '../node/bundlerNode.ts'
import type { View } from '../node/view.ts'
import type { Operation } from '../operations.ts'
import type { Registry } from '../registry/registry.ts'

type InclusionPromise = {
  readonly node: BundlerNode
  readonly operation: Operation
  readonly latestBlock: number
}

export type PromiseCounts = {
  kept: number
  /** Landed after its block, and before the court had concluded: void. */
  late: number
  /** Fined. */
  broken: number
}

export type PromiseBook = {
  readonly counts: PromiseCounts
  /** Seconds from the client's sending to the first promise it gets, an operation each. */
  readonly waits: () => readonly number[]
  isPromised(operation: Operation): boolean
  /** A bundler has just learned of it: it promises if it leads now or next. */
  offer(node: BundlerNode, operation: Operation, view: View, seconds: number): void
  /** Told of every settled height. */
  settled(height: number, branch: Branch, seconds: number): void
}

export function createPromiseBook(options: {
  terms: Calibration['terms']
  network: Network
  registry: Registry
  fine: (promise: InclusionPromise) => void
  /** Its client waits no longer. */
  publish: (operation: Operation, seconds: number) => void
}): PromiseBook {
  const { terms, network, registry } = options
  const counts: PromiseCounts = { kept: 0, late: 0, broken: 0 }
  const firstAt = new Map<Operation, number>()
  const byBlock = createHeap<InclusionPromise>((one, other) => one.latestBlock < other.latestBlock)
  /** Challenged, by the height at which the court concludes. */
  const challenged = createHeap<InclusionPromise & { readonly until: number }>(
    (one, other) => one.until < other.until,
  )
  let made = 0

  /** Runs over those that are due; `due` heaps are in order. */
  function* due<Item>(heap: ReturnType<typeof createHeap<Item>>, isDue: (item: Item) => boolean) {
    for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
      if (!isDue(next)) {
        heap.push(next)
        return
      }
      yield next
    }
  }

  return {
    counts,
    waits: () => [...firstAt].map(([{ sentAt }, at]) => at - sentAt),
    isPromised: operation => firstAt.has(operation),
    offer(node, operation, { branch, head }, seconds) {
      const schedule = registry.scheduleAt(branch, head.height)
      const latestBlock = latestBlockOf({
        schedule,
        bundlerId: node.id,
        head: BigInt(head.height),
        marginBlocks: terms.promiseMarginBlocks,
        // A block holds far more than the model's users send.
        neededBlocks: 1,
      })
      if (node.id === 0 || latestBlock === undefined) return
      byBlock.push({ node, operation, latestBlock: Number(latestBlock) })
      const message = { subject: 'promise', number: made++, from: node.place, to: operation.entry } as const
      const at = network.gossipAt({ ...message, seconds })
      firstAt.set(operation, Math.min(at, firstAt.get(operation) ?? Number.POSITIVE_INFINITY))
    },
    settled(height, { state }, seconds) {
      for (const promise of due(byBlock, ({ latestBlock }) => latestBlock <= height)) {
        const landed = state.landedAt(promise.operation)
        if (landed !== undefined && landed <= promise.latestBlock) counts.kept++
        else challenged.push({ ...promise, until: height + 1 + terms.answerBlocks })
      }
      for (const promise of due(challenged, ({ until }) => until <= height)) {
        if (state.landedAt(promise.operation) !== undefined) {
          counts.late++
          continue
        }
        counts.broken++
        options.fine(promise)
        options.publish(promise.operation, seconds)
      }
    },
  }
}
