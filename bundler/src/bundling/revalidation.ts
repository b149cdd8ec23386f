// Second validation: what held when the operation came in must hold at the head of now. Skipped only
// where nothing can have changed, because the head is the very block it was verified at.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { dodgersOf } from './blame.ts'
import type { BundlingMetrics } from './metrics.ts'
import type { Setbacks } from './setbacks.ts'

export type Revalidation = {
  /**
   * `valid` in the order given. Who is not reached within `budgetMilliseconds` is in neither list and has his
   * turn with the next bundle. One for which the node fails while it answers for others is
   * postponed; throws when it answers for none.
   */
  check(
    operations: readonly ValidatedOperation[],
    head: Block,
    budgetMilliseconds: number,
  ): Promise<{
    readonly valid: readonly ValidatedOperation[]
    readonly refused: readonly (readonly [ValidatedOperation, Refusal])[]
  }>
}

/** Traces under way at once: they are the node's most expensive answers. */
const concurrency = 8

export function createRevalidation(options: {
  revalidate: (validated: ValidatedOperation) => Promise<Result<ValidatedOperation>>
  mempool: Mempool
  reputation: Reputation
  setbacks: Setbacks
  metrics: BundlingMetrics
  logger: Logger
}): Revalidation {
  const { mempool, reputation, setbacks, metrics, logger } = options

  async function judge(
    validated: ValidatedOperation,
    head: Block,
  ): Promise<Result<ValidatedOperation> | undefined> {
    if (validated.verifiedAt.hash === head.hash) {
      metrics.revalidations.inc({ outcome: 'skipped' })
      return { ok: true, value: validated }
    }
    try {
      const verdict = await options.revalidate(validated)
      metrics.revalidations.inc({ outcome: verdict.ok ? 'valid' : 'refused' })
      if (verdict.ok) {
        mempool.refresh(verdict.value)
        const record = reputation.within(verdict.value.mempools)
        for (const entity of dodgersOf(verdict.value)) record.dodged(entity)
      }
      return verdict
    } catch (error) {
      metrics.revalidations.inc({ outcome: 'failed' })
      logger.warn(
        { error, userOperationHash: validated.userOperationHash },
        'second validation got no answer; the operation waits',
      )
      return undefined
    }
  }

  return {
    async check(operations, head, budgetMilliseconds) {
      const deadline = performance.now() + budgetMilliseconds
      const verdicts: { validated: ValidatedOperation; verdict: Result<ValidatedOperation> | undefined }[] =
        []
      let next = 0
      async function work(): Promise<void> {
        for (let index = next++; index < operations.length; index = next++) {
          if (index >= concurrency && performance.now() > deadline) return
          const validated = operations[index] as ValidatedOperation
          verdicts[index] = { validated, verdict: await judge(validated, head) }
        }
      }
      await Promise.all(Array.from({ length: Math.min(concurrency, operations.length) }, work))
      // Holes are operations that were not reached.
      const judged = verdicts.filter(one => one !== undefined)
      if (judged.length > 0 && judged.every(({ verdict }) => verdict === undefined)) {
        const hashes = judged.map(({ validated }) => validated.userOperationHash)
        setbacks.failed(hashes, head.number)
        throw new Error('The node answers no second validation')
      }
      const valid: ValidatedOperation[] = []
      const refused: (readonly [ValidatedOperation, Refusal])[] = []
      for (const { validated, verdict } of judged) {
        if (verdict === undefined) setbacks.postpone(validated.userOperationHash, head.number)
        else if (verdict.ok) valid.push(verdict.value)
        else refused.push([validated, verdict.refusal])
      }
      return { valid, refused }
    },
  }
}
