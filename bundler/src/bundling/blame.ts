// Whose fault is it that a promising operation came to nothing? ERC-7562's attribution, by the
// EntryPoint's code of the failure.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { Reputation } from '../reputation/reputation.ts'
import type { EntityRole, EntityStake, ValidatedOperation } from '../validation/validatedOperation.ts'

const timeCodes = new Set(['AA22', 'AA27', 'AA32', 'AA37'])

/** `reason` is the EntryPoint's text: `AA` and two digits, then words. */
export function refusalOf(reason: string, validated: ValidatedOperation): Refusal {
  const { paymaster } = validated.entities
  const code = reason.slice(0, 4)
  if (code === 'AA24' || code === 'AA34') return { code: rejectionCode.signature, message: reason }
  if (timeCodes.has(code)) {
    const { validAfter, validUntil, validBlocks } = validated
    const data = { validAfter, validUntil, ...(validBlocks && { validBlocks }) }
    return { code: rejectionCode.timeRange, message: reason, data }
  }
  if (reason.startsWith('AA3')) {
    return { code: rejectionCode.paymaster, message: reason, data: { paymaster: paymaster?.address } }
  }
  return { code: rejectionCode.entryPoint, message: reason }
}

/** ERC-7562 [EREP-020], [EREP-030]: a staked factory answers for its account, a staked account for its paymaster. */
export function blamedFor(refusal: Refusal, { entities }: ValidatedOperation): EntityStake {
  const { sender, factory, paymaster } = entities
  switch (faultyRole(refusal)) {
    case 'factory':
      return factory ?? sender
    case 'paymaster':
      return sender.isStaked ? sender : (paymaster ?? sender)
    case 'sender':
      return factory?.isStaked === true ? factory : sender
  }
}

function faultyRole({ code, message, data }: Refusal): EntityRole {
  if (typeof data === 'object' && data !== null && 'entity' in data) {
    if (data.entity === 'factory' || data.entity === 'paymaster') return data.entity
  }
  if (message.startsWith('AA1')) return 'factory'
  if (message.startsWith('AA3') || code === rejectionCode.paymaster) return 'paymaster'
  return 'sender'
}

/** It failed before it could cost anything: only the faulty entity keeps it on its record. ERC-7562 [EREP-015] */
export function recordFailure(reputation: Reputation, validated: ValidatedOperation, refusal: Refusal): void {
  reputation.forget(Object.values(validated.entities).map(({ address }) => address))
  reputation.seen([blamedFor(refusal, validated).address])
}
