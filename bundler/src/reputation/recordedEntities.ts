// Of whom an operation's fate is kept on record. ERC-7562 "General Reputation Rules": of staked entities, and of
// paymasters even if they are not.
import type { Address } from 'viem'
import type { EntityRole, EntityStake, ValidatedOperation } from '../validation/validatedOperation.ts'

export function recordedEntities({ entities }: Pick<ValidatedOperation, 'entities'>): readonly Address[] {
  return (Object.entries(entities) as [EntityRole, EntityStake][])
    .filter(([role, { isStaked }]) => isStaked || role === 'paymaster')
    .map(([, { address }]) => address)
}
