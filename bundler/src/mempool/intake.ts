// How an operation gets in: the limits are checked, whoever must make room leaves, and all of it is
// on the disk in one write before the answer is yes.
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import type { Address, Hash } from 'viem'
import type { Commits, Database } from '../database.ts'
import { recordedEntities } from '../reputation/recordedEntities.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { checkAdmission, findAdmissionRefusals } from './admission.ts'
import { alreadyInFlight, evictedBy, poolFull, replacedBy } from './departureReasons.ts'
import { paysBetter } from './effectiveTip.ts'
import type { MempoolLimits } from './limits.ts'
import type { MempoolMetrics } from './metrics.ts'
import { hasLanded, insertOperation, lastArrival, setOperationDropped } from './operationStore.ts'
import { type Entry, hashOf, nonceSequence, type Pool } from './pool.ts'
import { checkReplacement } from './replacement.ts'

export type IntakeOptions = {
  readonly database: Database
  readonly commits: Commits
  readonly reputation: Reputation
  readonly depositOf: (paymaster: Address) => Promise<bigint>
  readonly limits: MempoolLimits
  readonly pool: Pool
  readonly metrics: MempoolMetrics
  /** Told of each operation that nothing keeps out any more, on its way to the disk: what is committed now comes behind it. */
  readonly onAdmitted: (validated: ValidatedOperation) => void
  /** Told of each operation that is in and was not before, once it is on the disk. */
  readonly onAccepted: (validated: ValidatedOperation) => void
  readonly logger: Logger
}

export type Intake = {
  start(): Promise<void>
  /** Resolves once the operation is on the disk. One that is known already is accepted again. */
  add(validated: ValidatedOperation): Promise<Result<Hash>>
  /** All that would keep it out now; it may be one that waits already. */
  obstaclesTo(validated: ValidatedOperation): Promise<readonly Refusal[]>
}

export function createIntake(options: IntakeOptions): Intake {
  const { database, commits, reputation, limits, pool, metrics, logger } = options
  /** Additions under way, by hash: a re-sent operation gets the same answer. */
  const adding = new Map<Hash, Promise<Result<Hash>>>()
  let arrivals = 0

  async function depositOf({ entities: { paymaster } }: ValidatedOperation): Promise<bigint> {
    return paymaster === undefined ? 0n : await options.depositOf(paymaster.address)
  }

  async function admit(validated: ValidatedOperation): Promise<Result<Hash>> {
    const hash = validated.userOperationHash
    if (await hasLanded(database, hash)) return accept(hash)
    const depositWei = await depositOf(validated)
    // From here to the insertion nothing is awaited, so the limits hold whatever else comes in.
    const replaced = entryAtNonceOf(pool, validated)
    const refusal =
      (replaced && checkReplaced(replaced, validated)) ??
      checkAdmission({ pool, validated, limits, reputation, replaced, depositWei })
    if (refusal !== undefined) return turnAway(refusal)
    const worst = replaced === undefined && pool.size >= limits.maxOperations ? pool.worst() : undefined
    if (worst !== undefined && !mayEvict(worst.cheapest, validated)) {
      return turnAway(poolFull(limits, worst.cheapest))
    }
    await store(validated, replaced, worst?.lastOfLane)
    reputation.within(validated.mempools).seen(recordedEntities(validated))
    metrics.accepted.inc()
    logger.info({ userOperationHash: hash }, 'an operation is accepted')
    options.onAccepted(validated)
    return accept(hash)
  }

  function turnAway(refusal: Refusal): Result<never> {
    metrics.refused.inc({ code: String(refusal.code) })
    return refuse(refusal)
  }

  function checkReplaced(replaced: Entry, { userOperation }: ValidatedOperation): Refusal | undefined {
    if (replaced.state === 'submitted' && !replaced.heldUp) return alreadyInFlight(replaced)
    return checkReplacement(replaced.validated.userOperation, userOperation, limits.replacementBumpPercent)
  }

  function mayEvict(cheapest: Entry, { userOperation }: ValidatedOperation): boolean {
    return (
      paysBetter(userOperation, cheapest.validated.userOperation) &&
      // An operation must not push out its own predecessor.
      cheapest.lane !== pool.laneOf(userOperation.sender, userOperation.nonce)
    )
  }

  async function store(
    validated: ValidatedOperation,
    replaced: Entry | undefined,
    evicted: Entry | undefined,
  ): Promise<void> {
    const arrival = ++arrivals
    const addedAtBlock = validated.verifiedAt.number
    const departures: (readonly [Entry, Refusal])[] = []
    // One in flight stays until the chain has decided between the two: they ride on the same nonce of an executor.
    if (replaced?.state === 'pending') departures.push([replaced, replacedBy(validated)])
    if (evicted !== undefined) departures.push([evicted, evictedBy(validated)])
    for (const [leaving] of departures) leaving.leaving = true
    const entry = pool.insert({ validated, addedAtBlock, arrival, stored: false })
    const stored = commits.commit(async transaction => {
      for (const [leaving, refusal] of departures) {
        await setOperationDropped(transaction, hashOf(leaving), refusal)
      }
      await insertOperation(transaction, { validated, arrival, addedAtBlock })
    })
    options.onAdmitted(validated)
    try {
      await stored
    } catch (error) {
      pool.remove(entry)
      for (const [leaving] of departures) leaving.leaving = false
      throw error
    }
    entry.stored = true
    for (const [leaving] of departures) pool.remove(leaving)
    if (replaced !== undefined) {
      metrics.replaced.inc()
      // ERC-7562 [GREP-050] Whom the new one names again is counted again with it: one nonce, one promise.
      reputation.within(replaced.validated.mempools).forget(recordedEntities(replaced.validated))
    }
    if (evicted !== undefined) metrics.evicted.inc()
  }

  return {
    async start() {
      arrivals = await lastArrival(database)
    },
    async obstaclesTo(validated) {
      const depositWei = await depositOf(validated)
      const replaced = entryAtNonceOf(pool, validated)
      const isItself = replaced !== undefined && hashOf(replaced) === validated.userOperationHash
      const refusal = replaced && !isItself ? checkReplaced(replaced, validated) : undefined
      const admission = { pool, validated, limits, reputation, replaced, depositWei }
      return [...(refusal ? [refusal] : []), ...findAdmissionRefusals(admission)]
    },
    async add(validated) {
      const hash = validated.userOperationHash
      const underWay = adding.get(hash)
      if (underWay !== undefined) return await underWay
      if (pool.get(hash) !== undefined) return accept(hash)
      const admission = admit(validated).finally(() => adding.delete(hash))
      adding.set(hash, admission)
      return await admission
    },
  }
}

/** Whoever waits with the same sender and nonce; the last to come, if there are several. */
export function entryAtNonceOf(pool: Pool, { userOperation }: ValidatedOperation): Entry | undefined {
  const { sender, nonce } = userOperation
  const sequence = nonceSequence(nonce)
  return pool.laneOf(sender, nonce)?.entries.findLast(entry => entry.sequence === sequence && !entry.leaving)
}
