// May a valid operation join those that wait already? ERC-7562's mempool limits, one clause a check.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { Reputation } from '../reputation/reputation.ts'
import type { EntityRole, EntityStake, ValidatedOperation } from '../validation/validatedOperation.ts'
import type { MempoolLimits } from './limits.ts'
import { type Entry, nonceSequence, type Pool } from './pool.ts'
import { refuseEntity } from './refuseEntity.ts'

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

/** Of every check the first that keeps it out. */
export function findAdmissionRefusals(admission: Admission): readonly Refusal[] {
  return checks.flatMap(check => check(admission) ?? [])
}

const checks: readonly ((admission: Admission) => Refusal | undefined)[] = [
  checkReputation,
  checkMempools,
  checkRoles,
  checkDelegate,
  checkDeployment,
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
  const { limits, validated } = admission
  const reputation = admission.reputation.within(validated.mempools)
  for (const [role, entity] of entitiesOf(validated)) {
    const { address } = entity
    const status = reputation.statusOf(address)
    if (status === 'banned') {
      return refuseEntity(rejectionCode.reputation, role, address, {
        rule: 'GREP-010',
        what: 'is banned: too many of its operations never landed',
        hint: 'its record fades by a 24th part every hour',
      })
    }
    if (status === 'throttled' && countOf(admission, role, entity) >= limits.maxPerThrottledEntity) {
      return refuseEntity(rejectionCode.reputation, role, address, {
        rule: 'GREP-020',
        what: `is throttled: at most ${limits.maxPerThrottledEntity} of its operations may wait at once`,
        hint: 'try again when one has landed',
      })
    }
  }
  return undefined
}

/** ERC-7562 [AREP-020] An alternative mempool is throttled as a whole; one that is not is enough. */
function checkMempools({ pool, validated, limits, reputation }: Admission): Refusal | undefined {
  const { mempools } = validated
  if (mempools === undefined) return undefined
  const isOpen = (mempool: string): boolean => {
    const status = reputation.statusOfMempool(mempool)
    if (status !== 'throttled') return status === 'ok'
    const waiting = [...pool.entries()].filter(entry => entry.validated.mempools?.includes(mempool))
    return waiting.length < limits.maxPerThrottledEntity
  }
  if (mempools.some(isOpen)) return undefined
  return {
    code: rejectionCode.reputation,
    message: `the alternative mempools that take this operation (${mempools.join(', ')}) are throttled or banned: too much of what they took never landed; keep the canonical rules, or try again later`,
    data: {
      rule: 'AREP-020',
      mempools,
      hint: 'keep the canonical rules of ERC-7562, or try again later',
    },
  }
}

// ERC-7562 [STO-040]
function checkRoles({ pool, validated }: Admission): Refusal | undefined {
  for (const [role, { address }] of entitiesOf(validated)) {
    const taken = role === 'sender' ? pool.ofEntity(address) : pool.ofSender(address)
    if (taken.size > 0) {
      // The official suite knows this refusal by its words.
      const otherRole = role === 'sender' ? 'different' : 'sender'
      return refuseEntity(rejectionCode.opcode, role, address, {
        rule: 'STO-040',
        what: `is used as a ${otherRole} entity in another UserOperation currently in mempool`,
        hint: 'send again when that one has landed',
      })
    }
  }
  return undefined
}

/** ERC-7562 [AUTH-040] Else which of them the account runs would depend on who lands first. */
function checkDelegate({ pool, validated, replaced }: Admission): Refusal | undefined {
  const { sender, authorization } = validated.userOperation
  if (authorization === undefined) return undefined
  for (const entry of pool.ofSender(sender)) {
    const other = entry.validated.userOperation.authorization?.address
    if (entry === replaced || other === undefined) continue
    if (other.toLowerCase() === authorization.address.toLowerCase()) continue
    return refuseEntity(rejectionCode.opcode, 'sender', sender, {
      rule: 'AUTH-040',
      what: `delegates to ${other} by another operation in the mempool`,
      hint: 'give the same delegate, or send again when that one has landed',
    })
  }
  return undefined
}

/** An account is deployed once: whichever of the two came second would fail with AA10 before EntryPoint v0.9. */
function checkDeployment({ pool, validated, limits, replaced }: Admission): Refusal | undefined {
  const { sender, factory } = validated.entities
  if (factory === undefined || !limits.oneDeploymentPerSender) return undefined
  for (const entry of pool.ofSender(sender.address)) {
    if (entry === replaced || entry.validated.entities.factory === undefined) continue
    const deploys = entry.validated.userOperationHash
    const hint = 'send it without factory and factoryData once that one has landed'
    return {
      code: rejectionCode.entryPoint,
      message: `AA10 sender already constructed: operation ${deploys} in the mempool deploys ${sender.address}; ${hint}`,
      data: { entity: 'account', address: sender.address, deploys, hint },
    }
  }
  return undefined
}

// ERC-7562 [UREP-010]
function checkSenderCount(admission: Admission): Refusal | undefined {
  const { sender } = admission.validated.entities
  const limit = admission.limits.maxPerUnstakedSender
  if (sender.isStaked || countOf(admission, 'sender', sender) < limit) return undefined
  return refuseEntity(rejectionCode.reputation, 'sender', sender.address, {
    rule: 'UREP-010',
    what: `is unstaked and has ${limit} operations in the mempool, which is the most it may`,
    hint: 'send again when one has landed',
    maximum: limit,
  })
}

// ERC-7562 [UREP-020]
function checkPaymasterCount(admission: Admission): Refusal | undefined {
  const { paymaster } = admission.validated.entities
  // ERC-7562 [SREP-040]
  if (paymaster === undefined || paymaster.isStaked) return undefined
  const reputation = admission.reputation.within(admission.validated.mempools)
  const { opsSeen, opsIncluded } = reputation.entryOf(paymaster.address)
  const inclusionRate = opsSeen === 0 ? 0 : opsIncluded / opsSeen
  const earned = Math.floor(inclusionRate * Math.min(opsIncluded, maxEarnedOperations))
  const limit = admission.limits.maxPerUnstakedPaymaster + earned
  if (countOf(admission, 'paymaster', paymaster) < limit) return undefined
  return refuseEntity(rejectionCode.reputation, 'paymaster', paymaster.address, {
    rule: 'UREP-020',
    what: `is unstaked and has ${limit} operations in the mempool, which is the most it has earned`,
    hint: 'stake it, or send again when one has landed',
    maximum: limit,
  })
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
  return refuseEntity(rejectionCode.paymasterBalance, 'paymaster', paymaster.address, {
    rule: 'EREP-010',
    what: `has a deposit that is too low: ${depositWei} wei in the EntryPoint, and its operations in the mempool with this one may cost ${needed}`,
    hint: 'raise its deposit by depositTo',
    depositWei: depositWei.toString(),
    neededWei: needed.toString(),
  })
}
