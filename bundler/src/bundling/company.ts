// Can this operation share the chain's next blocks with those chosen or in flight? Validation of one
// must not depend on what another does.
import type { Address } from 'viem'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

export type Company = {
  /** True when it would touch the storage of another's sender, or another would touch its own. */
  conflicts(validated: ValidatedOperation): boolean
  /** How many use this entity. */
  countOf(entity: Address): number
  /** Wei that this paymaster may have to pay for them. */
  prefundOf(paymaster: Address): bigint
  add(validated: ValidatedOperation): void
}

export function createCompany(members: Iterable<ValidatedOperation>): Company {
  const senders = new Set<string>()
  /** Contracts, other than its own sender, whose storage some member's validation touches. */
  const touched = new Set<string>()
  /** Their factories and paymasters. */
  const helpers = new Set<string>()
  const counts = new Map<string, number>()
  const prefunds = new Map<string, bigint>()

  function add(validated: ValidatedOperation): void {
    senders.add(senderOf(validated))
    for (const address of foreignStorageOf(validated)) touched.add(address)
    for (const address of helpersOf(validated)) helpers.add(address)
    for (const { address } of Object.values(validated.entities)) {
      const key = address.toLowerCase()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const paymaster = validated.entities.paymaster?.address.toLowerCase()
    if (paymaster !== undefined) {
      prefunds.set(paymaster, (prefunds.get(paymaster) ?? 0n) + validated.prefundWei)
    }
  }

  for (const member of members) add(member)
  return {
    conflicts(validated) {
      const sender = senderOf(validated)
      // ERC-4337: one operation per sender; ERC-7562 [STO-041]: and no storage of another's sender.
      if (senders.has(sender) || touched.has(sender)) return true
      // ERC-7562 [STO-040] Nobody's entity is another's sender.
      if (helpers.has(sender) || helpersOf(validated).some(address => senders.has(address))) return true
      return foreignStorageOf(validated).some(address => senders.has(address))
    },
    countOf: entity => counts.get(entity.toLowerCase()) ?? 0,
    prefundOf: paymaster => prefunds.get(paymaster.toLowerCase()) ?? 0n,
    add,
  }
}

function senderOf(validated: ValidatedOperation): string {
  return validated.userOperation.sender.toLowerCase()
}

function helpersOf({ entities: { factory, paymaster } }: ValidatedOperation): readonly string[] {
  return [factory, paymaster].flatMap(entity => entity?.address.toLowerCase() ?? [])
}

function foreignStorageOf(validated: ValidatedOperation): readonly string[] {
  const sender = senderOf(validated)
  return Object.keys(validated.storage)
    .map(address => address.toLowerCase())
    .filter(address => address !== sender)
}
