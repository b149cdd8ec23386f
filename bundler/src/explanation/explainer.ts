// Explains an operation at the head of now, with what only a running node knows: reputations, and what waits.
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import { createEntityStateReader, type EntitySource } from '../validation/entityState.ts'
import type { HeadSource } from '../validation/headSource.ts'
import type { HorizonOf } from '../validation/horizon.ts'
import type { JudgementOptions } from '../validation/judgement.ts'
import type { MinimumFees } from '../validation/limits.ts'
import type { Tracer } from '../validation/tracers/tracer.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { examineAt } from '../validation/verdict.ts'
import { type Explanation, explain } from './explanation.ts'

export type Explainer = { explain(userOperation: UserOperation): Promise<Explanation> }

export function createExplainer(
  options: Omit<JudgementOptions, 'horizon'> & {
    readonly minimumFees: () => MinimumFees | Promise<MinimumFees>
    readonly tracer: Tracer
    readonly entities: EntitySource
    readonly chain: HeadSource
    readonly horizonOf: HorizonOf
    readonly mempool: Mempool
    readonly reputation: Reputation
  },
): Explainer {
  const { chain, mempool, reputation } = options
  const entityState = createEntityStateReader({ ...options, source: options.entities })
  return {
    async explain(userOperation) {
      await chain.poll()
      const horizon = options.horizonOf(chain.head(), 'admission')
      const [minimumFees, examined] = await Promise.all([
        options.minimumFees(),
        examineAt(chain.head(), userOperation, { ...options, horizon, entityState }),
      ])
      const { explanation, validated } = explain(examined, { ...options, horizon, minimumFees })
      const obstacles = await mempool.obstaclesTo(validated)
      const record = reputation.within(validated.mempools)
      return {
        ...explanation,
        accepted: explanation.accepted && obstacles.length === 0,
        problems: [...explanation.problems, ...obstacles],
        entities: explanation.entities.map(entity => {
          const { opsSeen, opsIncluded } = record.entryOf(entity.address)
          return { ...entity, reputation: { status: record.statusOf(entity.address), opsSeen, opsIncluded } }
        }),
      }
    },
  }
}
