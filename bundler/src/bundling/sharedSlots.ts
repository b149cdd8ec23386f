// Which validations can see each other? Those that meet in a slot outside their accounts that one of them writes: what
// a staked factory or paymaster counts, the balance of a paymaster that is paid in a token.
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

export type SharedSlots = {
  /** True when it writes what one of the members reads or writes, or reads what one of them writes. */
  meets(validated: ValidatedOperation): boolean
}

export function createSharedSlots(members: Iterable<ValidatedOperation>): SharedSlots {
  const touched = new Set<string>()
  const written = new Set<string>()
  for (const member of members) {
    const { reads, writes } = footprintOf(member)
    for (const slot of reads) touched.add(slot)
    for (const slot of writes) {
      touched.add(slot)
      written.add(slot)
    }
  }
  return {
    meets(validated) {
      const { reads, writes } = footprintOf(validated)
      return writes.some(slot => touched.has(slot)) || reads.some(slot => written.has(slot))
    },
  }
}

/** Slots with the contracts they are in. */
type Footprint = { readonly reads: readonly string[]; readonly writes: readonly string[] }

/** What is in flight is looked at again for every bundle. */
const footprints = new WeakMap<ValidatedOperation, Footprint>()

/** Without the sender's own storage: who touches that shares no block with it anyway. ERC-7562 [STO-041] */
function footprintOf(validated: ValidatedOperation): Footprint {
  const known = footprints.get(validated)
  if (known !== undefined) return known
  const sender = validated.userOperation.sender.toLowerCase()
  const shared = Object.entries(validated.storage).filter(([contract]) => contract.toLowerCase() !== sender)
  const slotsOf = (kind: 'reads' | 'writes'): readonly string[] =>
    shared.flatMap(([contract, access]) => access[kind].map(slot => `${contract}${slot}`.toLowerCase()))
  const footprint = { reads: slotsOf('reads'), writes: slotsOf('writes') }
  footprints.set(validated, footprint)
  return footprint
}
