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

/** What of an operation meets others; addresses are in lower case. */
type Part = {
  readonly sender: string
  /** Contracts, other than the sender, whose storage its validation touches. */
  readonly touched: readonly string[]
  /** Its factory and paymaster. */
  readonly helpers: readonly string[]
  /** These and the sender. */
  readonly entities: readonly string[]
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
    const part = partOf(validated)
    senders.add(part.sender)
    for (const address of part.touched) touched.add(address)
    for (const address of part.helpers) helpers.add(address)
    for (const address of part.entities) counts.set(address, (counts.get(address) ?? 0) + 1)
    const paymaster = validated.entities.paymaster?.address.toLowerCase()
    if (paymaster !== undefined) {
      prefunds.set(paymaster, (prefunds.get(paymaster) ?? 0n) + validated.prefundWei)
    }
  }

  for (const member of members) add(member)
  return {
    conflicts(validated) {
      const part = partOf(validated)
      const { sender } = part
      // ERC-4337: one operation per sender; ERC-7562 [STO-041]: and no storage of another's sender.
      if (senders.has(sender) || touched.has(sender)) return true
      // ERC-7562 [STO-040] Nobody's entity is another's sender.
      if (helpers.has(sender) || part.helpers.some(address => senders.has(address))) return true
      return part.touched.some(address => senders.has(address))
    },
    countOf: entity => counts.get(entity.toLowerCase()) ?? 0,
    prefundOf: paymaster => prefunds.get(paymaster.toLowerCase()) ?? 0n,
    add,
  }
}

/** A bundle is chosen beside all that is in flight or waits: each of them is looked at again and again. */
const parts = new WeakMap<ValidatedOperation, Part>()

function partOf(validated: ValidatedOperation): Part {
  const known = parts.get(validated)
  if (known !== undefined) return known
  const { factory, paymaster } = validated.entities
  const sender = validated.userOperation.sender.toLowerCase()
  const part: Part = {
    sender,
    touched: Object.keys(validated.storage)
      .map(address => address.toLowerCase())
      .filter(address => address !== sender),
    helpers: [factory, paymaster].flatMap(entity => entity?.address.toLowerCase() ?? []),
    entities: Object.values(validated.entities).map(({ address }) => address.toLowerCase()),
  }
  parts.set(validated, part)
  return part
}
