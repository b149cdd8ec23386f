// What one step of the chain does to the operations here. Rows and memory are told apart: the rows go to the disk
// in one transaction with all else that the step changes, and only then does the memory follow.
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address, Hash } from 'viem'
import type { Database, PreparedChange } from '../database.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { outrunBy, replacedBy } from './departureReasons.ts'
import { entryAtNonceOf } from './intake.ts'
import type { MempoolMetrics } from './metrics.ts'
import {
  findDroppedSince,
  findOperations,
  type StoredOperation,
  setOperationDropped,
  setOperationState,
} from './operationStore.ts'
import { type Entry, hashOf, nonceSequence, type Pool } from './pool.ts'
import { tellDropped } from './tellDropped.ts'

export type LandedOperation = { readonly hash: Hash; readonly sender: Address; readonly nonce: bigint }

export type ChainStep = {
  /** These stand in a canonical block now; operations of strangers too, for they use up nonces. */
  readonly landed: readonly LandedOperation[]
  /** A reorg took these out of the chain. */
  readonly lost: readonly Hash[]
  /** Number of the block up to which the chain is taken in with it. */
  readonly head: bigint
  /** Number of the lowest block that a reorg took; undefined where none did. */
  readonly removedFrom?: bigint | undefined
}

export type PreparedStep = PreparedChange & {
  /** Of the landed those that waited or were in flight here. */
  readonly landed: readonly ValidatedOperation[]
  /** Of the lost those that were acknowledged here. */
  readonly lost: readonly ValidatedOperation[]
}

export function createChainSteps(options: {
  database: Database
  pool: Pool
  metrics: MempoolMetrics
  logger: Logger
  onReturn: () => void
}): (step: ChainStep) => Promise<PreparedStep> {
  const { database, pool, metrics, logger, onReturn } = options

  function landingAtNonceOf(step: ChainStep, { userOperation }: ValidatedOperation): Hash | undefined {
    const { sender, nonce } = userOperation
    const isSame = (one: LandedOperation): boolean =>
      one.nonce === nonce && one.sender.toLowerCase() === sender.toLowerCase()
    return step.landed.find(isSame)?.hash
  }

  /** Why a lost one does not wait again. */
  function endOf(step: ChainStep, validated: ValidatedOperation): Refusal | undefined {
    const landed = landingAtNonceOf(step, validated)
    if (landed !== undefined) return outrunBy(landed)
    const rival = entryAtNonceOf(pool, validated)
    return rival && replacedBy(rival.validated)
  }

  /** Whom a block ended that a reorg took: nothing speaks against them any more. Of several with one nonce, the newest. */
  async function reprieved(step: ChainStep, lost: readonly StoredOperation[]): Promise<StoredOperation[]> {
    if (step.removedFrom === undefined) return []
    const landed = new Set(step.landed.map(({ hash }) => hash))
    const taken = new Set(lost.map(nonceKeyOf))
    const ended = await findDroppedSince(database, step.removedFrom)
    return ended
      .toReversed()
      .filter(operation => {
        const { validated } = operation
        if (landed.has(validated.userOperationHash) || taken.has(nonceKeyOf(operation))) return false
        if (pool.get(validated.userOperationHash) !== undefined) return false
        if (endOf(step, validated) !== undefined) return false
        taken.add(nonceKeyOf(operation))
        return true
      })
      .toReversed()
  }

  /** Who waits with the nonce of one that landed. */
  function outrun({ landed }: ChainStep): readonly (readonly [Entry, Refusal])[] {
    return landed.flatMap(({ hash, sender, nonce }) => {
      const sequence = nonceSequence(nonce)
      const rivals = pool
        .laneOf(sender, nonce)
        ?.entries.filter(other => other.sequence === sequence && hashOf(other) !== hash && other.stored)
      return (rivals ?? []).map(rival => [rival, outrunBy(hash)] as const)
    })
  }

  function leave({ hash, sender, nonce }: LandedOperation): void {
    const lane = pool.laneOf(sender, nonce)
    const sequence = nonceSequence(nonce)
    if (lane !== undefined && lane.nextSequence <= sequence) lane.nextSequence = sequence + 1n
    const entry = pool.get(hash)
    if (entry === undefined) return
    metrics.waitSeconds.observe((performance.now() - entry.arrivedAt) / 1000)
    pool.remove(entry)
  }

  return async step => {
    const stored = await findOperations(database, step.lost)
    const unknown = stored.filter(({ validated }) => pool.get(validated.userOperationHash) === undefined)
    const ends = unknown.map(({ validated }) => endOf(step, validated))
    const lost = unknown.filter((_, index) => ends[index] === undefined)
    const anew = await reprieved(step, lost)
    const returned = [...lost, ...anew]
    const overtaken = outrun(step)
    const landedHashes = step.landed.map(({ hash }) => hash)
    return {
      landed: landedHashes.flatMap(hash => pool.get(hash)?.validated ?? []),
      lost: stored.map(({ validated }) => validated),
      async write(transaction) {
        const lostHashes = unknown.map(({ validated }) => validated.userOperationHash)
        await setOperationState(transaction, [...lostHashes, ...anew.map(hashOfStored)], 'waiting')
        for (const [index, hash] of lostHashes.entries()) {
          const refusal = ends[index]
          if (refusal !== undefined) await setOperationDropped(transaction, hash, refusal, step.head)
        }
        await setOperationState(transaction, landedHashes, 'landed')
        for (const [entry, refusal] of overtaken) {
          await setOperationDropped(transaction, hashOf(entry), refusal, step.head)
        }
      },
      apply() {
        for (const operation of returned) {
          if (pool.get(operation.validated.userOperationHash) === undefined)
            pool.insert({ ...operation, stored: true })
        }
        metrics.resurrected.inc(returned.length)
        if (anew.length > 0)
          logger.warn(
            { operations: anew.map(hashOfStored) },
            'a reorg took back what had ended operations; they wait again',
          )
        for (const operation of step.landed) leave(operation)
        for (const [entry, refusal] of overtaken) {
          pool.remove(entry)
          tellDropped(options, hashOf(entry), refusal)
        }
        for (const [index, { validated }] of unknown.entries()) {
          const refusal = ends[index]
          if (refusal !== undefined) tellDropped(options, validated.userOperationHash, refusal)
        }
        if (returned.length > 0) onReturn()
      },
    }
  }
}

function hashOfStored({ validated }: StoredOperation): Hash {
  return validated.userOperationHash
}

function nonceKeyOf({ validated: { userOperation } }: StoredOperation): string {
  return `${userOperation.sender.toLowerCase()}:${userOperation.nonce}`
}
