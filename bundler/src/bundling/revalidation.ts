// Second validation: what held when the operation came in must hold at the head of now. Traced again are only those
// who may have been touched by what the chain did since.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { Validation } from '../validation/validation.ts'
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
  validation: Pick<Validation, 'untouched' | 'revalidate'>
  mempool: Mempool
  reputation: Reputation
  setbacks: Setbacks
  metrics: BundlingMetrics
  logger: Logger
}): Revalidation {
  const { validation, mempool, reputation, setbacks, metrics, logger } = options

  async function judge(
    validated: ValidatedOperation,
    head: Block,
  ): Promise<Result<ValidatedOperation> | undefined> {
    if (validated.verifiedAt.hash === head.hash) {
      metrics.revalidations.inc({ outcome: 'skipped' })
      return { ok: true, value: validated }
    }
    try {
      const verdict = await validation.revalidate(validated)
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

  /** The same operations; those untouched since they were verified are verified at the head now. */
  async function refreshed(
    candidates: readonly ValidatedOperation[],
    head: Block,
  ): Promise<readonly ValidatedOperation[]> {
    const older = candidates.filter(({ verifiedAt }) => verifiedAt.hash !== head.hash)
    const untouched = await validation.untouched(older, head)
    const renewed = new Map(
      untouched.flatMap(one => (one === undefined ? [] : [[one.userOperationHash, one]])),
    )
    for (const validated of renewed.values()) mempool.refresh(validated)
    metrics.revalidations.inc({ outcome: 'untouched' }, renewed.size)
    return candidates.map(validated => renewed.get(validated.userOperationHash) ?? validated)
  }

  return {
    async check(candidates, head, budgetMilliseconds) {
      const operations = await refreshed(candidates, head)
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
