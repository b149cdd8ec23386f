// Who leads says until when an operation lands, and stakes on it. Signs, keeps and follows promises of inclusion, and
// hears those of others.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import type { Registry } from 'prom-client'
import type { Hash, PublicClient } from 'viem'
import type { Commits, Database } from '../../database.ts'
import type { Mempool } from '../../mempool/mempool.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { SignedInclusionPromise, Verdict } from '../gossip/messages.ts'
import { type Answering, type AnsweringOptions, createAnswering } from './court/answering.ts'
import { createCourtLog } from './court/courtLog.ts'
import { createCourtWord } from './court/courtWord.ts'
import { createExcuses, type Simulate } from './excuses.ts'
import { createFollowing } from './following.ts'
import { createPromiseMetrics } from './metrics.ts'
import { createOffering, type OfferingOptions } from './offering.ts'
import type { PromiseState } from './promiseState.ts'
import { createPromiseStore, type KnownPromise } from './promiseStore.ts'
import { createPromiseQueue } from './queue.ts'
import { judgePromise } from './receivedPromise.ts'
import { createStrays } from './strays.ts'
import { createWaiters } from './waiters.ts'

export type PromisesOptions = Omit<OfferingOptions, 'mempool' | 'queue' | 'store' | 'onWithheld'> & {
  readonly database: Database
  readonly commits: Commits
  readonly mempool: Mempool
  /** Whether to sign any: `--promises`. Those of others are heard in any case. */
  readonly isOn: boolean
  /** Depth at which an inclusion is final. */
  readonly finalityBlocks: number
  readonly simulate: Simulate
  /** Where it can be answered to the court. */
  readonly client: PublicClient
  /** By whom; undefined: only by landing late. */
  readonly operator: AnsweringOptions['operator']
  readonly publish: (promise: SignedInclusionPromise) => void
  readonly registry: Registry
}

export type Promises = Part & {
  /** On admission: signs if this node leads the window of the next block, or the one after. */
  offer(validated: ValidatedOperation): void
  /** What this node has promised of it, once that is on the disk; undefined where it promises nothing. */
  own(hash: Hash): Promise<KnownPromise | undefined>
  /** After admission: what others have promised of it before it was here counts from now on. */
  arrived(hash: Hash): void
  received(promise: SignedInclusionPromise): Promise<Verdict>
  /** Of those known the one due first; waits up to so long for one, or until `signal` says that nobody asks any more. */
  wait(hash: Hash, timeoutMilliseconds: number, signal?: AbortSignal): Promise<KnownPromise | undefined>
  onChainUpdate(update: ChainUpdate): Promise<void>
  status(): PromisesStatus
}

export type PromisesStatus = {
  readonly isOn: boolean
  /** Promises of this node since it started, and those that it follows still by what has become of them. */
  readonly signed: number
  readonly own: Readonly<Record<PromiseState, number>>
  /** Challenges before the court that wait for an answer of this node. */
  readonly challenges: number
  /** Operations that it did not promise to land although it leads, since it started, by reason. */
  readonly withheld: Readonly<Record<string, number>>
}

const mostWaiters = 1_000
const mostStrays = 1_000
/** Blocks after its own for which a promise is answered for, while no court says for how long. */
const keepBlocks = 1_000
/** Blocks for which it is asked whether the operation of a broken promise could land. */
const lookingBlocks = 4n
/** Blocks for which a promise can be asked for, about ten days. */
const rememberBlocks = 100_000n

export function createPromises(options: PromisesOptions): Promises {
  const { network, chain, mempool, logger } = options
  const store = createPromiseStore(options)
  const queue = createPromiseQueue(options.costOf)
  const waiters = createWaiters(mostWaiters)
  const strays = createStrays(mostStrays)
  const metrics = createPromiseMetrics(options.registry, queue.size)
  const withheld: Record<string, number> = {}
  let signed = 0
  const following = createFollowing({
    database: options.database,
    store,
    finalityBlocks: options.finalityBlocks,
    keepBlocks() {
      const terms = network.terms()
      return terms === undefined ? keepBlocks : terms.challengeBlocks + terms.answerBlocks
    },
  })
  const offering = createOffering({
    ...options,
    queue,
    store,
    onWithheld(reason) {
      withheld[reason] = (withheld[reason] ?? 0) + 1
      metrics.withheld.inc({ reason })
    },
  })
  const word = createCourtWord(options)
  const excuses = createExcuses({ ...options, word, following })
  const answering: Answering = createAnswering({
    ...options,
    log: createCourtLog(options.client),
    word,
    following,
    baseFeePerGas: () => options.fees.currentFees().baseFeePerGas,
    metrics,
  })
  const outage = createOutageLog(logger)
  const underWay = new Map<Hash, Promise<void>>()

  async function sign(validated: ValidatedOperation): Promise<void> {
    const begunAt = performance.now()
    try {
      const promise = await offering.offer(validated)
      if (promise === undefined) return
      metrics.seconds.observe((performance.now() - begunAt) / 1_000)
      metrics.signed.inc()
      signed++
      outage.over('promises are written again')
      logger.info(promise.promise, 'an operation is promised to land')
      known(promise)
      options.publish(promise)
    } catch (error) {
      outage.begun({ error }, 'no promise can be written, so none is given')
    }
  }

  function known(promise: KnownPromise): void {
    following.add(promise)
    waiters.tell(promise)
  }

  async function received(promise: SignedInclusionPromise): Promise<Verdict> {
    const { userOpHash } = promise.promise
    const operation = mempool.get(userOpHash)?.validated
    const { number: head } = chain.head()
    const verdict = judgePromise(promise, { network, chainId: options.chainId, head, operation })
    metrics.received.inc({ verdict })
    const court = network.terms()?.court
    if (verdict !== 'accept' || court === undefined) return verdict
    if (operation === undefined) strays.add(promise)
    else {
      const heard = { ...promise, court, isOwn: false, knownSinceBlock: head, isExcused: false }
      // What nobody here asks for any more is worth a line in the log, no failed message.
      const keep = store.keepLater({ ...heard, state: 'open' })
      known({ ...heard, state: 'open' })
      keep.catch(error => logger.warn({ error, userOpHash }, "another bundler's promise was not written"))
    }
    return verdict
  }

  /** Counts what has changed, and lets go of the room that is no longer needed. */
  function tell(changed: readonly KnownPromise[]): void {
    for (const { isOwn, state, promise } of changed) {
      if (state !== 'open') metrics.settled[state].inc({ whose: isOwn ? 'own' : 'others' })
      if (!isOwn) continue
      const waiting = mempool.get(promise.userOpHash)
      const isOwed = state === 'open' || state === 'broken'
      if (isOwed && waiting !== undefined) queue.add(waiting.validated, promise.latestBlock)
      else queue.delete(promise.userOpHash)
      if (state === 'broken')
        logger.warn(promise, 'an operation has not landed by the block that was promised')
    }
  }

  /** Broken in the last blocks: a node that does not answer is asked again at the next. */
  function lately(head: bigint): readonly KnownPromise[] {
    return [...following.all()].filter(
      ({ state, promise }) => state === 'broken' && promise.latestBlock + lookingBlocks >= head,
    )
  }

  function earliest(promises: readonly KnownPromise[]): KnownPromise | undefined {
    const court = network.terms()?.court
    return [...promises]
      .filter(promise => court === undefined || promise.court === court)
      .sort((one, other) => Number(one.promise.latestBlock - other.promise.latestBlock))[0]
  }

  return {
    name: 'promises',
    async start() {
      await following.start()
      for (const { isOwn, state, promise } of following.all()) {
        const waiting = isOwn && state === 'open' ? mempool.get(promise.userOpHash) : undefined
        if (waiting !== undefined) queue.add(waiting.validated, promise.latestBlock)
      }
      mempool.prefer(queue.deadlineOf)
    },
    async stop() {
      waiters.stop()
      await Promise.all(underWay.values())
    },
    arrived(hash) {
      for (const stray of strays.take(hash)) void received(stray)
    },
    async own(hash) {
      await underWay.get(hash)
      return earliest(following.of(hash).filter(({ isOwn }) => isOwn))
    },
    offer(validated) {
      const hash = validated.userOperationHash
      if (!options.isOn || underWay.has(hash) || following.of(hash).some(one => one.isOwn)) return
      underWay.set(
        hash,
        sign(validated).finally(() => underWay.delete(hash)),
      )
    },
    received,
    async wait(hash, timeoutMilliseconds, signal) {
      const kept = earliest(following.of(hash)) ?? earliest(await store.find(hash))
      // One may have come while the disk was asked.
      return kept ?? earliest(following.of(hash)) ?? (await waiters.wait(hash, timeoutMilliseconds, signal))
    },
    async onChainUpdate(update) {
      const changed = await following.onChainUpdate(update)
      const { number, hash } = update.head
      // In the block of a reorg nothing is judged: the next one tells.
      const excused = update.removed.length > 0 ? [] : await excuses.lookInto(lately(number), hash)
      const isExcused = new Set(excused.map(({ promise }) => promise))
      tell([...changed.filter(({ promise }) => !isExcused.has(promise)), ...excused])
      await answering.onChainUpdate(update)
      if (number % 256n === 0n) await store.forgetBelow(number - rememberBlocks)
    },
    status() {
      const own = { open: 0, kept: 0, late: 0, broken: 0, void: 0 }
      for (const { isOwn, state } of following.all()) if (isOwn) own[state]++
      return {
        isOn: options.isOn,
        signed,
        own,
        challenges: answering.pending().length,
        withheld: { ...withheld },
      }
    },
  }
}
