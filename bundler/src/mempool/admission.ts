// May a valid operation join those that wait already? ERC-7562's mempool limits, one clause a check.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { Reputation } from '../reputation/reputation.ts'
import type { EntityRole, EntityStake, ValidatedOperation } from '../validation/validatedOperation.ts'
import type { MempoolLimits } from './limits.ts'
import { type Entry, nonceSequence, type Pool } from './pool.ts'

export type Admission = {
  readonly pool: Pool
  readonly validated: ValidatedOperation
  readonly limits: MempoolLimits
  readonly reputation: Reputation
  /** The waiting operation whose place it would take. */
  readonly replaced: Entry | undefined
  /** Wei of its paymaster in the EntryPoint; zero without one. */
  readonly depositWei: bigint
}

/** The first rule that keeps it out. */
export function checkAdmission(admission: Admission): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(admission)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

const checks: readonly ((admission: Admission) => Refusal | undefined)[] = [
  checkReputation,
  checkRoles,
  checkForeignSenders,
  checkSenderCount,
  checkPaymasterCount,
  checkSequence,
  checkDeposit,
]

export function entitiesOf(validated: ValidatedOperation): readonly (readonly [EntityRole, EntityStake])[] {
  return Object.entries(validated.entities) as [EntityRole, EntityStake][]
}

/** How many operations use this entity, not counting the one that would be replaced. */
function countOf({ pool, replaced }: Admission, role: EntityRole, entity: EntityStake): number {
  const entries = role === 'sender' ? pool.ofSender(entity.address) : pool.ofEntity(entity.address)
  return entries.size - (replaced !== undefined && entries.has(replaced) ? 1 : 0)
}

// ERC-7562 [GREP-010], [GREP-020]
function checkReputation(admission: Admission): Refusal | undefined {
  const { reputation, limits, validated } = admission
  for (const [role, entity] of entitiesOf(validated)) {
    const status = reputation.statusOf(entity.address)
    if (status === 'banned') {
      return {
        code: rejectionCode.reputation,
        message: `${role} ${entity.address} is banned: too many of its operations never landed`,
        data: { [role]: entity.address, rule: 'GREP-010' },
      }
    }
    if (status === 'throttled' && countOf(admission, role, entity) >= limits.maxPerThrottledEntity) {
      return {
        code: rejectionCode.reputation,
        message: `${role} ${entity.address} is throttled: at most ${limits.maxPerThrottledEntity} of its operations may wait at once; try again when one has landed`,
        data: { [role]: entity.address, rule: 'GREP-020' },
      }
    }
  }
  return undefined
}

// ERC-7562 [STO-040]
function checkRoles({ pool, validated }: Admission): Refusal | undefined {
  for (const [role, { address }] of entitiesOf(validated)) {
    const taken = role === 'sender' ? pool.ofEntity(address) : pool.ofSender(address)
    if (taken.size > 0) {
      const otherRole = role === 'sender' ? 'factory or paymaster' : 'sender'
      return {
        code: rejectionCode.opcode,
        message: `${role} ${address} is the ${otherRole} of another operation in the mempool; send again when that one has landed`,
        data: { rule: 'STO-040', entity: role, address },
      }
    }
  }
  return undefined
}

// ERC-7562 [STO-041]
function checkForeignSenders({ pool, validated }: Admission): Refusal | undefined {
  const sender = validated.userOperation.sender.toLowerCase()
  for (const [address, { reads, writes }] of Object.entries(validated.storage)) {
    if (address.toLowerCase() === sender || pool.ofSender(address as `0x${string}`).size === 0) continue
    return {
      code: rejectionCode.opcode,
      message: `validation touches storage of ${address}, which is the sender of another operation in the mempool; send again when that one has landed`,
      data: { rule: 'STO-041', address, slot: writes[0] ?? reads[0] },
    }
  }
  return undefined
}

// ERC-7562 [UREP-010]
function checkSenderCount(admission: Admission): Refusal | undefined {
  const { sender } = admission.validated.entities
  const limit = admission.limits.maxPerUnstakedSender
  if (sender.isStaked || countOf(admission, 'sender', sender) < limit) return undefined
  return {
    code: rejectionCode.reputation,
    message: `sender ${sender.address} is unstaked and has ${limit} operations in the mempool, which is the most it may; send again when one has landed`,
    data: { sender: sender.address, rule: 'UREP-010', maximum: limit },
  }
}

// ERC-7562 [UREP-020]
function checkPaymasterCount(admission: Admission): Refusal | undefined {
  const { paymaster } = admission.validated.entities
  if (paymaster === undefined || paymaster.isStaked) return undefined
  const { opsSeen, opsIncluded } = admission.reputation.entryOf(paymaster.address)
  const inclusionRate = opsSeen === 0 ? 0 : opsIncluded / opsSeen
  const earned = Math.floor(inclusionRate * Math.min(opsIncluded, maxEarnedOperations))
  const limit = admission.limits.maxPerUnstakedPaymaster + earned
  if (countOf(admission, 'paymaster', paymaster) < limit) return undefined
  return {
    code: rejectionCode.reputation,
    message: `paymaster ${paymaster.address} is unstaked and has ${limit} operations in the mempool, which is the most it has earned; stake it, or send again when one has landed`,
    data: { paymaster: paymaster.address, rule: 'UREP-020', maximum: limit },
  }
}

/** ERC-7562 MAX_OPS_ALLOWED_UNSTAKED_ENTITY */
const maxEarnedOperations = 10_000

/** A gap would wait for an operation that nobody promised. */
function checkSequence({ pool, validated, replaced }: Admission): Refusal | undefined {
  const { sender, nonce } = validated.userOperation
  const lane = pool.laneOf(sender, nonce)
  const last = lane?.entries.at(-1)
  if (lane === undefined || last === undefined || replaced !== undefined) return undefined
  const sequence = nonceSequence(nonce)
  if (sequence <= last.sequence + 1n) return undefined
  const expected = nonce - sequence + last.sequence + 1n
  return {
    code: rejectionCode.entryPoint,
    message: `AA25 invalid account nonce: the next nonce of ${sender} after what waits in the mempool is ${expected}`,
    data: { sender, expectedNonce: expected.toString() },
  }
}

// ERC-7562 [EREP-010]
function checkDeposit({ pool, validated, replaced, depositWei }: Admission): Refusal | undefined {
  const { paymaster } = validated.entities
  if (paymaster === undefined) return undefined
  const given = replaced?.validated.entities.paymaster?.address.toLowerCase()
  const freed = given === paymaster.address.toLowerCase() ? (replaced?.validated.prefundWei ?? 0n) : 0n
  const needed = pool.prefundOf(paymaster.address) - freed + validated.prefundWei
  if (needed <= depositWei) return undefined
  return {
    code: rejectionCode.paymasterBalance,
    message: `paymaster ${paymaster.address} has ${depositWei} wei in the EntryPoint, and its operations in the mempool with this one may cost ${needed}; raise its deposit by depositTo`,
    data: {
      paymaster: paymaster.address,
      depositWei: depositWei.toString(),
      neededWei: needed.toString(),
      rule: 'EREP-010',
    },
  }
}
