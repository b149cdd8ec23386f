// An operation whose end has come, or comes before a bundle could land: the refusal that ends its waiting, and whose
// record it goes on.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Block } from '@worldland-aa/service/chain/block'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntityReputation } from '../reputation/entityReputation.ts'
import { recordedEntities } from '../reputation/recordedEntities.ts'
import { earliestEndSeconds, type Horizon, outlasts } from './horizon.ts'
import type { ValidatedOperation } from './validatedOperation.ts'

export function checkExpiry(
  validated: ValidatedOperation,
  { number }: Pick<Block, 'number'>,
  horizon: Horizon,
): Refusal | undefined {
  const { validAfter, validUntil, validBlocks } = validated
  const data = { validAfter, validUntil, ...(validBlocks && { validBlocks }), ...faulty(validated) }
  if (validBlocks !== undefined && BigInt(validBlocks.until) <= number) {
    return {
      code: rejectionCode.timeRange,
      message: `expired: it is valid until block ${validBlocks.until}, and the chain is at ${number}; sign it anew`,
      data,
    }
  }
  if (outlasts(validated, horizon)) return undefined
  const { presentSeconds, marginSeconds } = horizon
  return {
    code: rejectionCode.timeRange,
    message:
      validUntil <= presentSeconds
        ? `expired: it was valid until ${validUntil}, and now it is ${presentSeconds}; sign it anew`
        : `expires too soon: it is valid until ${validUntil}, now it is ${presentSeconds}, and a block may take ${marginSeconds} s to come; sign it anew, until ${earliestEndSeconds(validated, horizon)} or longer`,
    data,
  }
}

/** The other entities did not choose that end: what they promised is off their record. ERC-7562 [EREP-015] */
export function recordExpiry(record: EntityReputation, validated: ValidatedOperation): void {
  const blamed = endingEntity(validated)
  record.forget(recordedEntities(validated).filter(address => address !== blamed))
}

/** Who set the end. */
export function endingEntity({ entities, endedBy }: ValidatedOperation): Address {
  return (entities[endedBy ?? 'sender'] ?? entities.sender).address
}

function faulty(validated: ValidatedOperation): object {
  const { paymaster } = validated.entities
  if (validated.endedBy !== 'paymaster' || paymaster === undefined) return { entity: 'account' }
  return { entity: 'paymaster', paymaster: paymaster.address }
}
