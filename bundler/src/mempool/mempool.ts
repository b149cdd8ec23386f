// The waiting room: which operations wait, in which order they leave, and who must make room.
// Everything acknowledged here is on the disk first.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Transaction } from '@worldland-aa/service/database/openDatabase'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash } from 'viem'
import type { Commits, Database, Schema } from '../database.ts'
import type { Reputation } from '../reputation/reputation.ts'
import { recordExpiry } from '../validation/expiry.ts'
import type { HorizonOf } from '../validation/horizon.ts'
import type { UserOperation, ValidatedOperation } from '../validation/validatedOperation.ts'
import { type ChainStep, createChainSteps, type PreparedStep } from './chainStep.ts'
import { cleared } from './departureReasons.ts'
import { createIntake } from './intake.ts'
import type { MempoolLimits } from './limits.ts'
import { createMempoolMetrics } from './metrics.ts'
import { createOldDrops } from './oldDrops.ts'
import {
  findLandedNowhere,
  findOperations,
  findWaitingOperations,
  setOperationDropped,
} from './operationStore.ts'
import { overstayed } from './overstayed.ts'
import { createPool, type Entry, hashOf, type LeastFees } from './pool.ts'
import { tellDropped } from './tellDropped.ts'

export type MempoolOptions = {
  readonly database: Database
  readonly commits: Commits
  readonly reputation: Reputation
  /** Wei that the paymaster has in the EntryPoint; read once a block and paymaster. */
  readonly depositOf: (paymaster: Address) => Promise<bigint>
  readonly limits: MempoolLimits
  readonly horizonOf: HorizonOf
  readonly registry: Registry
  readonly logger: Logger
}

/** An operation that waits for a bundle (`pending`) or for its bundle's block (`submitted`). */
export type PooledOperation = {
  readonly validated: ValidatedOperation
  readonly state: 'pending' | 'submitted'
  /** Block number at which it came in. */
  readonly addedAtBlock: bigint
  /** The transaction that carries it while `submitted`. */
  readonly transactionHash?: Hash
}

/** An operation this node has acknowledged at any time. */
export type KnownOperation = {
  readonly validated: ValidatedOperation
  readonly state: 'pending' | 'submitted' | 'landed' | 'dropped'
  readonly transactionHash?: Hash
  /** Why it was dropped. */
  readonly refusal?: Refusal
}

export type OldestWaiting = {
  readonly userOperationHash: Hash
  readonly sender: Address
  readonly waitedSeconds: number
}

export type Mempool = Part & {
  /** Resolves with the userOperationHash once the operation is on the disk. A known one gets its hash again. */
  add(validated: ValidatedOperation): Promise<Result<Hash>>
  /** All that would keep it out now; nothing comes of asking. */
  obstaclesTo(validated: ValidatedOperation): Promise<readonly Refusal[]>
  /** The operation in whatever state, also after a restart. */
  find(hash: Hash): Promise<KnownOperation | undefined>
  /** The operation if it waits or is in flight. */
  get(hash: Hash): PooledOperation | undefined
  /** Of this sender and nonce key, the operation with the highest nonce that waits or is in flight. */
  lastOfLane(sender: Address, nonce: bigint): PooledOperation | undefined
  /** All of this account's that waits or is in flight. */
  ofSender(sender: Address): readonly PooledOperation[]
  /** Whether it waits, is in flight, or is on its way to the disk. */
  holds(hash: Hash): boolean
  /** Whether there is nothing else of its sender, not even on its way to the disk. */
  isAlone(operation: Pick<ValidatedOperation, 'userOperation' | 'userOperationHash'>): boolean
  /** What waits or is in flight (debug_bundler_dumpMempool), in order of arrival. */
  dump(): readonly UserOperation[]
  /** The same, with all that is known of them. */
  waiting(): Iterable<PooledOperation>
  size(): { readonly pending: number; readonly submitted: number }
  /** Whoever has waited longest for a bundle. */
  oldestWaiting(): OldestWaiting | undefined
  /** Empties the pool: everything is dropped, with that reason (debug_bundler_clearMempool). */
  clear(): Promise<void>

  /**
   * Operations that may go into a bundle now, best paying first at this base fee: the first nonce of each
   * lane, of senders that have nothing in flight.
   */
  candidates(baseFeePerGas: bigint, least?: LeastFees): Iterable<PooledOperation>
  /** Operations with a deadline, a block number, go before all others, the earliest first, and make room for nobody. */
  prefer(deadlineOf: (hash: Hash) => bigint | undefined): void
  inFlight(): Iterable<PooledOperation>
  /** Called, without arguments, whenever an operation has become a candidate. */
  onArrival(listener: () => void): void
  /**
   * Called with each operation that nothing keeps out any more, before it is on the disk: whoever acknowledges it waits.
   * What is committed in the call comes to the disk with it or after it.
   */
  onAdmitted(listener: (validated: ValidatedOperation) => void): void
  /** Called with each operation that comes in and was not there before, once it is on the disk. */
  onAccepted(listener: (validated: ValidatedOperation) => void): void
  /** Replaces what is known about a waiting operation by what second validation saw. */
  refresh(validated: ValidatedOperation): void
  /** Whoever came last with the sender and nonce of this one; it may be itself. */
  latestAtNonceOf(hash: Hash): PooledOperation | undefined
  /** Whether the transaction of these can be mined; where not, another operation may be sent in the place of one. */
  heldUp(hashes: readonly Hash[], isHeldUp: boolean): void
  /** These ride in a journaled transaction now. */
  submitted(hashes: readonly Hash[], transactionHash: Hash): void
  /** These are in no transaction any more and wait again. */
  released(hashes: readonly Hash[]): void
  /** What landed leaves, what a reorg took out waits again: to be written together with all else that the step changes. */
  prepareStep(step: ChainStep): Promise<PreparedStep>
  /** Operations that are held for landed although no block that stands holds them. */
  landedNowhere(): Promise<readonly Hash[]>
  /**
   * Ends a waiting operation; the reason answers every later question about it. `atBlock`: number of the block whose
   * state speaks against it; should a reorg take that block, it waits again.
   */
  drop(hash: Hash, refusal: Refusal, atBlock?: bigint): Promise<void>
  /** Lets go of what has expired and of what throttled and banned entities may not keep. */
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export function createMempool(options: MempoolOptions): Mempool {
  const { database, commits, reputation, logger } = options
  const pool = createPool()
  const metrics = createMempoolMetrics(options.registry, size)
  const admittedListeners: ((validated: ValidatedOperation) => void)[] = []
  const acceptedListeners: ((validated: ValidatedOperation) => void)[] = []
  const intake = createIntake({
    ...options,
    ...{ pool, metrics },
    onAdmitted: telling(admittedListeners),
    onAccepted: telling(acceptedListeners),
  })
  const oldDrops = createOldDrops(options)
  const arrivalListeners: (() => void)[] = []

  function size(): { pending: number; submitted: number } {
    return { pending: pool.size - pool.inFlightCount(), submitted: pool.inFlightCount() }
  }

  function announce(): void {
    for (const listener of arrivalListeners) listener()
  }

  function pooled({ validated, state, addedAtBlock, transactionHash }: Entry): PooledOperation {
    return { validated, state, addedAtBlock, ...(transactionHash !== undefined && { transactionHash }) }
  }

  async function dropEntries(all: readonly (readonly [Entry, Refusal])[], atBlock?: bigint): Promise<void> {
    const departures = all.filter(([entry]) => !entry.leaving)
    if (departures.length === 0) return
    for (const [entry] of departures) entry.leaving = true
    const write = async (transaction: Transaction<Schema>) => {
      const done: (readonly [Entry, Refusal])[] = []
      for (const departure of departures) {
        const [entry, refusal] = departure
        if (await setOperationDropped(transaction, hashOf(entry), refusal, atBlock)) done.push(departure)
      }
      return done
    }
    const dropped = await commits.commit(write).catch(error => {
      // The disk does not take it: on it they wait, and so they do here.
      for (const [entry] of departures) entry.leaving = false
      throw error
    })
    for (const [entry] of departures) pool.remove(entry)
    for (const [entry, refusal] of dropped) tellDropped({ logger, metrics }, hashOf(entry), refusal)
  }

  return {
    name: 'mempool',
    async start() {
      await intake.start()
      const waiting = await findWaitingOperations(database)
      for (const operation of waiting) pool.insert({ ...operation, stored: true })
      if (waiting.length > 0) logger.info({ operations: waiting.length }, 'waiting operations taken up again')
    },
    async stop() {
      await commits.settled()
    },
    async add(validated) {
      const answer = await intake.add(validated)
      if (answer.ok) announce()
      return answer
    },
    obstaclesTo: intake.obstaclesTo,
    async find(hash) {
      const entry = pool.get(hash)
      if (entry?.stored === true) return pooled(entry)
      const [row] = await findOperations(database, [hash])
      if (row === undefined) return undefined
      const { validated, state, refusal } = row
      return {
        validated,
        state: state === 'waiting' ? 'pending' : state,
        ...(refusal !== undefined && { refusal }),
      }
    },
    get(hash) {
      const entry = pool.get(hash)
      return entry === undefined || !entry.stored || entry.leaving ? undefined : pooled(entry)
    },
    lastOfLane(sender, nonce) {
      const entry = pool.laneOf(sender, nonce)?.entries.findLast(other => other.stored && !other.leaving)
      return entry && pooled(entry)
    },
    ofSender: sender =>
      [...pool.ofSender(sender)].flatMap(entry => (entry.stored && !entry.leaving ? [pooled(entry)] : [])),
    holds: hash => pool.get(hash)?.leaving === false,
    isAlone: ({ userOperation, userOperationHash }) =>
      [...pool.ofSender(userOperation.sender)].every(
        entry => entry.leaving || hashOf(entry) === userOperationHash,
      ),
    dump: () => [...pool.entries()].map(entry => entry.validated.userOperation),
    *waiting() {
      for (const entry of pool.entries()) if (entry.stored && !entry.leaving) yield pooled(entry)
    },
    size,
    oldestWaiting() {
      // In the order in which they came.
      for (const { validated, state, leaving, arrivedAt } of pool.entries()) {
        if (state !== 'pending' || leaving) continue
        const { userOperationHash, userOperation } = validated
        const waitedSeconds = Math.floor((performance.now() - arrivedAt) / 1000)
        return { userOperationHash, sender: userOperation.sender, waitedSeconds }
      }
      return undefined
    },
    async clear() {
      await dropEntries([...pool.entries()].map(entry => [entry, cleared] as const))
    },
    *candidates(baseFeePerGas, least) {
      for (const entry of pool.candidates(baseFeePerGas, least)) yield pooled(entry)
    },
    prefer: pool.prefer,
    *inFlight() {
      for (const entry of pool.inFlight()) yield pooled(entry)
    },
    onArrival: listener => arrivalListeners.push(listener),
    onAdmitted: listener => admittedListeners.push(listener),
    onAccepted: listener => acceptedListeners.push(listener),
    refresh(validated) {
      const entry = pool.get(validated.userOperationHash)
      if (entry !== undefined) pool.refresh(entry, validated)
    },
    latestAtNonceOf(hash) {
      const entry = pool.get(hash)
      const latest = entry?.lane.entries.findLast(
        other => other.sequence === entry.sequence && other.stored && !other.leaving,
      )
      return latest && pooled(latest)
    },
    heldUp(hashes, isHeldUp) {
      for (const hash of hashes) {
        const entry = pool.get(hash)
        if (entry !== undefined) entry.heldUp = isHeldUp
      }
    },
    submitted(hashes, transactionHash) {
      for (const hash of hashes) {
        const entry = pool.get(hash)
        if (entry !== undefined) pool.markSubmitted(entry, transactionHash)
      }
    },
    released(hashes) {
      for (const hash of hashes) {
        const entry = pool.get(hash)
        if (entry !== undefined) pool.markPending(entry)
      }
      announce()
    },
    prepareStep: createChainSteps({ database, pool, metrics, logger, onReturn: announce }),
    landedNowhere: () => findLandedNowhere(database),
    async drop(hash, refusal, atBlock) {
      const entry = pool.get(hash)
      if (entry !== undefined) await dropEntries([[entry, refusal]], atBlock)
    },
    async onChainUpdate({ head, removed }) {
      // Across a reorg nothing ends: what the next block says counts.
      if (removed.length > 0) return
      const departures = overstayed({ ...options, pool, head })
      for (const [{ validated }, { code }] of departures) {
        if (code === rejectionCode.timeRange) recordExpiry(reputation.within(validated.mempools), validated)
      }
      await dropEntries(departures)
      await oldDrops.forget(head.number)
    },
  }
}

function telling(
  listeners: readonly ((validated: ValidatedOperation) => void)[],
): (validated: ValidatedOperation) => void {
  return validated => {
    for (const listener of listeners) listener(validated)
  }
}
