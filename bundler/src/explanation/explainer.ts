// Explains an operation at the head of now, with what only a running node knows: reputations, and what waits.
import type { Address, PublicClient } from 'viem'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import { createEntityStateReader } from '../validation/entityState.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { ValidationOptions } from '../validation/validation.ts'
import { examine } from '../validation/verdict.ts'
import { type Explanation, explain } from './explanation.ts'

export type Explainer = { explain(userOperation: UserOperation): Promise<Explanation> }

export function createExplainer(
  options: ValidationOptions & {
    readonly client: PublicClient
    readonly chainId: number
    readonly entryPoint: Address
    readonly mempool: Mempool
    readonly reputation: Reputation
  },
): Explainer {
  const { chain, tracer, entryPoint, mempool, reputation } = options
  const entityState = createEntityStateReader(options)
  return {
    async explain(userOperation) {
      await chain.poll()
      const [minimumFees, trace] = await Promise.all([
        options.minimumFees(),
        tracer.trace({ userOperation, entryPoint, block: chain.head() }),
      ])
      const examined = await examine(trace, userOperation, { ...options, entityState })
      const { explanation, validated } = explain(examined, { ...options, minimumFees })
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
