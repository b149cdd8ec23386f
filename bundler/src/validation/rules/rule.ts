// What a rule is given and what it says. Rules are pure: facts in, violations out.
import type { Address, Hex } from 'viem'
import type { EvmLevel } from '../../chains/evmLevel.ts'
import type { ValidationLimits } from '../limits.ts'
import type { PhaseFacts } from '../trace.ts'
import type { EntityRole } from '../validatedOperation.ts'

/** An entity of the operation as rules see it. The address is lower-case. */
export type RuledEntity = { readonly address: Address; readonly isStaked: boolean }

/** One phase's facts, and all that its rules may ask about the rest of the operation. */
export type RuledPhase = {
  readonly role: EntityRole
  readonly facts: PhaseFacts
  /** The entity that heads this phase. */
  readonly entity: RuledEntity
  readonly entities: { readonly sender: RuledEntity } & Readonly<
    Partial<Record<'factory' | 'paymaster', RuledEntity>>
  >
  readonly entryPoint: Address
  /** Of the whole validation: see Trace. */
  readonly keccakPreimages: readonly Hex[]
  readonly limits: ValidationLimits
  readonly evm: EvmLevel
}

export type Violation = {
  /** The clause of ERC-7562, without brackets. */
  readonly rule: string
  /** ERC-4337 calls the sender an account where it speaks of the contract. */
  readonly entity: 'account' | 'factory' | 'paymaster'
  readonly address: Address
  readonly opcode?: string
  readonly slot?: Hex
  /** The contract in which it happened, or whose storage or code was used. */
  readonly contract?: Address
  readonly message: string
  readonly hint: string
  /** Staked, the entity may do this. */
  readonly mendedByStake?: boolean
}

export type Rule = (phase: RuledPhase) => readonly Violation[]

export function entityName(role: EntityRole): Violation['entity'] {
  return role === 'sender' ? 'account' : role
}

/** A violation by the entity of `phase`; its name begins the message. */
export function violation(phase: RuledPhase, found: Omit<Violation, 'entity' | 'address'>): Violation {
  const entity = entityName(phase.role)
  return { ...found, entity, address: phase.entity.address, message: `${entity} ${found.message}` }
}
