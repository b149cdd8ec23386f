// Second validation without a second trace: where nothing has changed that the first one read, it still stands.
import type { Block } from '@worldland-aa/service/chain/block'
import { operationKeyOf } from './tracers/tracer.ts'
import type { EntityStake, ValidatedOperation } from './validatedOperation.ts'
import type { VerdictOptions } from './verdict.ts'

/** The operation as validated at `block`; undefined where only a new trace can tell. Throws when the node does not answer. */
export async function stillStanding(
  block: Block,
  validated: ValidatedOperation,
  { tracer, entityState, limits }: VerdictOptions,
): Promise<ValidatedOperation | undefined> {
  const { userOperation, userOperationHash, validUntil, validAfter } = validated
  const operationKey = operationKeyOf(userOperation, userOperationHash)
  if ((await tracer.unchanged?.(operationKey, block)) !== true) return undefined
  // The clock is no part of the state: who is close to a bound is looked at closely.
  const now = Number(block.timestamp)
  if (validAfter > now || (validUntil !== 0 && validUntil < now + limits.validityMarginSeconds))
    return undefined
  const known = Object.values(validated.entities)
  const { stakes } = await entityState.read({
    block,
    stakesOf: known.map(({ address }) => address),
    codeOf: [],
  })
  const sameStakes = known.every(entity => isSame(entity, stakes.get(entity.address)))
  return sameStakes ? { ...validated, verifiedAt: { number: block.number, hash: block.hash } } : undefined
}

function isSame(one: EntityStake, other: EntityStake | undefined): boolean {
  return (
    other !== undefined &&
    one.isStaked === other.isStaked &&
    one.stakeWei === other.stakeWei &&
    one.unstakeDelaySeconds === other.unstakeDelaySeconds
  )
}
