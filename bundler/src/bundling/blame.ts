// Whose fault is it that a promising operation came to nothing? ERC-7562's attribution, by the
// EntryPoint's code of the failure.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { recordedEntities } from '../reputation/recordedEntities.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { EntityRole, EntityStake, ValidatedOperation } from '../validation/validatedOperation.ts'

/** When it may land is a matter of the clock, not of the state. */
export const timeCodes = new Set(['AA22', 'AA27', 'AA32', 'AA37'])

/** `reason` is the EntryPoint's text: `AA` and two digits, then words. */
export function refusalOf(reason: string, validated: ValidatedOperation): Refusal {
  const { paymaster } = validated.entities
  const code = reason.slice(0, 4)
  const ofPaymaster = reason.startsWith('AA3') && paymaster ? { paymaster: paymaster.address } : {}
  if (code === 'AA24' || code === 'AA34')
    return { code: rejectionCode.signature, message: reason, data: { reason, ...ofPaymaster } }
  if (timeCodes.has(code)) {
    const { validAfter, validUntil, validBlocks } = validated
    const data = { reason, validAfter, validUntil, ...(validBlocks && { validBlocks }), ...ofPaymaster }
    return { code: rejectionCode.timeRange, message: reason, data }
  }
  if (reason.startsWith('AA3')) {
    return { code: rejectionCode.paymaster, message: reason, data: { reason, ...ofPaymaster } }
  }
  return { code: rejectionCode.entryPoint, message: reason, data: { reason } }
}

/**
 * ERC-7562 [EREP-020], [EREP-030]: a staked factory answers for its account, a staked account for its paymaster; and
 * `isSendersDoing` tells that the paymaster refused for what the sender alone has changed. Nobody answers for an
 * account that exists by now (AA10): anyone can deploy it for anyone.
 */
export function blamedFor(
  refusal: Refusal,
  { entities }: ValidatedOperation,
  isSendersDoing = false,
): EntityStake | undefined {
  const { sender, factory, paymaster } = entities
  if (refusal.message.startsWith('AA10')) return undefined
  const role = faultyRole(refusal)
  if (role === 'factory') return factory ?? sender
  if (role === 'paymaster' && sender.isStaked) return sender
  if (role === 'paymaster' && !isSendersDoing) return paymaster ?? sender
  return factory?.isStaked === true ? factory : sender
}

/** Whether it may be the sender alone who made its paymaster refuse. */
export function mayBeSendersDoing({ message }: Refusal, { entities }: ValidatedOperation): boolean {
  // That it exists and has a deposit is the paymaster's affair.
  return /^AA3[^01]/.test(message) && entities.paymaster !== undefined && !entities.sender.isStaked
}

function faultyRole({ code, message, data }: Refusal): EntityRole {
  if (typeof data === 'object' && data !== null && 'entity' in data) {
    if (data.entity === 'factory' || data.entity === 'paymaster') return data.entity
  }
  if (message.startsWith('AA1')) return 'factory'
  if (message.startsWith('AA3') || code === rejectionCode.paymaster) return 'paymaster'
  return 'sender'
}

/**
 * It failed before it could cost anything: only the faulty entity keeps it on its record, if it has one.
 * ERC-7562 [EREP-015]
 */
export function recordFailure(
  reputation: Reputation,
  validated: ValidatedOperation,
  refusal: Refusal,
  isSendersDoing?: boolean,
): void {
  const record = reputation.within(validated.mempools)
  const recorded = recordedEntities(validated)
  record.forget(recorded)
  const blamed = blamedFor(refusal, validated, isSendersDoing)
  if (blamed !== undefined && recorded.includes(blamed.address)) record.seen([blamed.address])
}

/**
 * It passed second validation and made a bundle fail: whoever is to blame is banned. ERC-7562 [GREP-040] An unstaked
 * account, which has no reputation, is kept out if it goes on. The blamed, if anybody.
 */
export function recordCrash(
  reputation: Reputation,
  validated: ValidatedOperation,
  refusal: Refusal,
  isSendersDoing?: boolean,
): Address | undefined {
  const blamed = contextChanger(validated) ?? blamedFor(refusal, validated, isSendersDoing)
  if (blamed === undefined) return undefined
  const record = reputation.within(validated.mempools)
  if (recordedEntities(validated).includes(blamed.address)) {
    record.crashed(blamed.address)
    return blamed.address
  }
  const { sender } = validated.entities
  record.spoilt(sender.address)
  return sender.address
}

/** A paymaster whose context is not as large as when it was accepted, in a bundle that fails. ERC-7562 [EREP-055] */
export function contextChanger({ entities, accepted, current }: ValidatedOperation): EntityStake | undefined {
  return accepted?.contextBytes === current?.contextBytes ? undefined : entities.paymaster
}

/** Percent of its gas at first that a staked entity's validation may save later. */
const toleratedSavingPercent = 10

/** Staked entities whose validation takes far less gas than when it was accepted. ERC-7562 [EREP-070] */
export function dodgersOf({ entities, accepted, current }: ValidatedOperation): readonly Address[] {
  return (Object.entries(entities) as [EntityRole, EntityStake][]).flatMap(([role, entity]) => {
    const [before, now] = [accepted?.phaseGas[role], current?.phaseGas[role]]
    if (!entity.isStaked || before === undefined || now === undefined) return []
    return now * 100 < before * (100 - toleratedSavingPercent) ? [entity.address] : []
  })
}
