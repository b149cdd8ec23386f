// Whose storage validation may touch, so that no single write elsewhere can invalidate many operations.
import type { Address, Hex } from 'viem'
import type { StorageFacts } from '../trace.ts'
import { associatedSlots } from './associatedSlots.ts'
import { type Rule, type RuledPhase, type Violation, violation } from './rule.ts'

export const storageRules: Rule = phase => {
  const { facts, entities, entity, entryPoint, keccakPreimages } = phase
  const ofSender = associatedSlots(entities.sender.address, keccakPreimages)
  const ofEntity = associatedSlots(entity.address, keccakPreimages)
  return (Object.entries(facts.storage) as [Address, StorageFacts][]).flatMap(
    ([contract, { reads, writes }]) => {
      // ERC-7562 [STO-010]
      if (contract === entities.sender.address) return []
      // Of the EntryPoint only deposits are reached, and only through calls that OP-052..055 allow.
      if (contract === entryPoint) return []
      // [OP-070] Transient slots stand among the others in the facts.
      const touched = [...new Set([...writes, ...reads])]
      for (const slot of touched) {
        const found = judgeSlot({ phase, contract, slot, written: writes.includes(slot), ofSender, ofEntity })
        if (found !== undefined) return [found]
      }
      return []
    },
  )
}

function judgeSlot(access: {
  phase: RuledPhase
  contract: Address
  slot: Hex
  written: boolean
  ofSender: (slot: Hex) => boolean
  ofEntity: (slot: Hex) => boolean
}): Violation | undefined {
  const { phase, contract, slot, written } = access
  const { entity, entities, role } = phase
  const unstaked = (rule: string, hint: string): Violation | undefined =>
    entity.isStaked
      ? undefined
      : violation(phase, {
          rule,
          slot,
          contract,
          message: `is unstaked and accessed ${contract} slot ${slot}`,
          hint,
          mendedByStake: true,
        })
  if (access.ofSender(slot)) {
    // ERC-7562 [STO-021] The account exists, or [STO-022] its factory is staked: which serves the account alone where
    // the official suite, and so the bundlers that would be sent the operation, have it so.
    const { factory } = entities
    const isVouchedFor = role === 'sender' || phase.limits.stakedFactoryVouchesForPaymaster
    if (factory === undefined || (factory.isStaked && isVouchedFor)) return undefined
    // A staked entity answers for it itself, as the reference bundler has it.
    return unstaked('STO-022', 'deploy the account before, or stake its factory')
  }
  // ERC-7562 [STO-031]
  if (contract === entity.address) return unstaked('STO-031', `stake the ${role} in the EntryPoint`)
  // ERC-7562 [STO-032]
  if (access.ofEntity(slot)) return unstaked('STO-032', `stake the ${role} in the EntryPoint`)
  // ERC-7562 [STO-033]
  if (!written) {
    return unstaked('STO-033', 'touch only the storage of the account and slots that belong to it')
  }
  return violation(phase, {
    // The nearest clause that allows writing at all: a sender's associated slots, an entity's own.
    rule: role === 'sender' ? 'STO-021' : 'STO-032',
    slot,
    contract,
    message: `has forbidden write to ${contract} slot ${slot}`,
    hint: `write only the storage of the account and slots keyed by its address; move the rest to execution`,
  })
}
