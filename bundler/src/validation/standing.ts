// Second validation without a second trace: where nothing has changed that the first one read, its verdict stands.
import type { Block } from '@worldland-aa/service/chain/block'
import { outlasts } from './horizon.ts'
import { operationKeyOf } from './tracers/tracer.ts'
import type { EntityStake, ValidatedOperation } from './validatedOperation.ts'
import type { VerdictOptions } from './verdict.ts'

/** What must be known of a validated operation to tell whether its verdict stands. */
export type Standing = Pick<ValidatedOperation, 'entities' | 'validAfter' | 'validUntil'> & {
  readonly operationKey: string
}

export function standingOf({
  userOperation,
  userOperationHash,
  entities,
  validAfter,
  validUntil,
}: ValidatedOperation): Standing {
  return { operationKey: operationKeyOf(userOperation, userOperationHash), entities, validAfter, validUntil }
}

/** False where only a new trace can tell. Throws when the node does not answer. */
export async function stillStands(
  block: Block,
  { operationKey, entities, ...period }: Standing,
  { tracer, entityState, horizon }: VerdictOptions,
): Promise<boolean> {
  if ((await tracer.unchanged?.(operationKey, block)) !== true) return false
  // The clock is no part of the state: who comes close to its end is looked at closely.
  if (!outlasts(period, horizon)) return false
  const known = Object.values(entities)
  const { stakes } = await entityState.read({
    block,
    stakesOf: known.map(({ address }) => address),
    codeOf: [],
  })
  return known.every(entity => isSame(entity, stakes.get(entity.address)))
}

function isSame(one: EntityStake, other: EntityStake | undefined): boolean {
  return (
    other !== undefined &&
    one.isStaked === other.isStaked &&
    one.stakeWei === other.stakeWei &&
    one.unstakeDelaySeconds === other.unstakeDelaySeconds
  )
}
