// Keeps every decision, for the console: told in memory while a caller is answered, written in batches with the next
// promise that goes to the disk. Nothing of it can delay or fail a signature, and strangers cannot fill it.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Policy } from '../policy/sponsorshipPolicy.ts'
import { fromBytes } from './bytes.ts'
import type { DecidedRequest, OnDecided } from './decidedRequest.ts'
import { type DecisionRow, toDecisionRow } from './decisionRow.ts'
import { createRepeats } from './repeats.ts'
import { type Batch, namePolicies, type PendingDecision, writeDecisions } from './writeDecisions.ts'

export type DecisionLog = Part & {
  readonly onDecided: OnDecided
  /** Resolves when all that was told so far is on the disk, or given up. */
  flushed(): Promise<void>
}

/** In one transaction: short enough that whoever shares it does not wait; more where many are behind. */
const batchLength = 32
const longBatch = { length: 96, beyond: 500 }
const gatherMilliseconds = 100
const retryMilliseconds = 2_000
/** In memory, while the disk cannot be written; what comes then is not kept. What landed is rebuilt from the ledger. */
const mostWaiting = 10_000

export function createDecisionLog(options: {
  readonly ledger: Pick<Ledger, 'writeLater'>
  readonly live: Pick<LiveUpdates, 'tell'>
  /** Rows of refusals and of what never landed. */
  readonly mostUnpaidRows: number
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  /** In force. */
  readonly policies: () => readonly Pick<Policy, 'id' | 'onChainId'>[]
  readonly logger: Logger
}): DecisionLog {
  const { ledger, live, now, logger } = options
  const cap = { most: options.mostUnpaidRows, atOnce: longBatch.length * 2 }
  const repeats = createRepeats()
  const isPolicy = (named: string): boolean => options.policies().some(({ id }) => id === named)
  let waiting: { decided: DecidedRequest; at: number }[] = []
  let running: Promise<void> | undefined
  let lost = 0

  /** Those that are refused alike are one row, those that have one already are counted there. */
  function toBatch(decisions: readonly { decided: DecidedRequest; at: number }[]) {
    const added: PendingDecision[] = []
    const counted = new Map<number, Batch['counted'][number]>()
    const inBatch = new Map<string, number>()
    for (const { decided, at } of decisions) {
      const row = toDecisionRow(decided, isPolicy)
      const key = decided.outcome === 'refused' ? repeats.keyOf(row, at) : undefined
      const id = key === undefined ? undefined : repeats.idOf(key)
      const index = key === undefined ? undefined : inBatch.get(key)
      if (id !== undefined) {
        const times = (counted.get(id)?.times ?? 0) + 1
        counted.set(id, { id, times, lastAtSeconds: at, row })
      } else if (index !== undefined) {
        const first = added[index] as PendingDecision
        added[index] = { ...first, times: first.times + 1, lastAtSeconds: at }
      } else {
        if (key !== undefined) inBatch.set(key, added.length)
        added.push({ row, atSeconds: at, lastAtSeconds: at, times: 1 })
      }
    }
    return { added, counted: [...counted.values()], inBatch }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const length = waiting.length > longBatch.beyond ? longBatch.length : batchLength
      const taken = waiting.splice(0, length)
      const batch = toBatch(taken)
      try {
        const ids = await ledger.writeLater(transaction => writeDecisions(transaction, batch, cap))
        for (const [key, index] of batch.inBatch) repeats.note(key, ids[index] as number)
        tell(ids, batch)
      } catch (error) {
        if (!(error instanceof Outage)) {
          logger.error({ error, decisions: taken.length }, 'decisions could not be written')
          continue
        }
        waiting = [...taken, ...waiting]
        setTimeout(start, retryMilliseconds).unref()
        break
      }
    }
    running = undefined
    if (lost > 0) logger.warn({ decisions: lost }, 'decisions were not kept: the disk did not keep up')
    lost = 0
  }

  function tell(ids: readonly number[], { added, counted }: Batch): void {
    for (const [index, { row }] of added.entries()) {
      live.tell({ kind: 'operation', id: nameOf(row, ids[index] as number) })
    }
    for (const { id } of counted) live.tell({ kind: 'operation', id: String(id) })
  }

  function start(): void {
    running ??= run()
  }

  return {
    name: 'decisions',
    onDecided(decided) {
      if (waiting.length >= mostWaiting) {
        lost++
        return
      }
      waiting.push({ decided, at: now() })
      if (waiting.length === 1 && running === undefined) setTimeout(start, gatherMilliseconds).unref()
    },
    async flushed() {
      start()
      await running
    },
    async start() {
      // What landed without a decision is shown under the operator's own names too.
      const names = new Map(options.policies().map(({ id, onChainId }) => [onChainId, id]))
      // Not waited for: it goes to the disk with the first promise.
      ledger
        .writeLater(async transaction => namePolicies(transaction, names))
        .catch(error => logger.error({ error }, 'the names of policies could not be written'))
    },
    async stop() {
      start()
      await running
    },
  }
}

function nameOf({ userOperationHash }: DecisionRow, id: number): string {
  return userOperationHash === null ? String(id) : fromBytes(userOperationHash)
}
