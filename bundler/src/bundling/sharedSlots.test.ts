import fc from 'fast-check'
import type { Hex } from 'viem'
import { expect, it } from 'vitest'
import { numberedAddress, validatedOperation } from '../testing/validated.ts'
import type { SlotAccess, ValidatedOperation } from '../validation/validatedOperation.ts'
import { createSharedSlots } from './sharedSlots.ts'

const slots = fc.uniqueArray(fc.constantFrom<Hex>('0x00', '0x01', '0x0a', '0xff'), { maxLength: 2 })
const contracts = [1, 2, 901, 902].map(numberedAddress)
const operation = fc
  .record({
    account: fc.integer({ min: 1, max: 6 }),
    touched: fc.dictionary(
      fc.constantFrom(...contracts),
      fc.record<SlotAccess>({ reads: slots, writes: slots }),
    ),
  })
  .map(({ account, touched }) =>
    validatedOperation({ sender: numberedAddress(account) }, { storage: touched }),
  )

/** Straight from the definition: one slot, not of the account itself, that both touch and one writes. */
function depends(one: ValidatedOperation, other: ValidatedOperation): boolean {
  return contracts.some(contract => {
    if (contract === one.userOperation.sender || contract === other.userOperation.sender) return false
    const [mine, theirs] = [one.storage[contract], other.storage[contract]]
    if (mine === undefined || theirs === undefined) return false
    const touches = ({ reads, writes }: SlotAccess, slot: Hex) =>
      reads.includes(slot) || writes.includes(slot)
    return mine.writes.some(slot => touches(theirs, slot)) || theirs.writes.some(slot => touches(mine, slot))
  })
}

it('operations meet exactly where one writes a slot that the other touches, either way round', () => {
  fc.assert(
    fc.property(operation, fc.array(operation, { maxLength: 5 }), (one, members) => {
      expect(createSharedSlots(members).meets(one)).toBe(members.some(member => depends(one, member)))
      for (const member of members) {
        const [there, back] = [createSharedSlots([member]).meets(one), createSharedSlots([one]).meets(member)]
        expect(there).toBe(back)
      }
    }),
    { numRuns: 1_000 },
  )
})

it('meet whatever the case of their addresses and slots', () => {
  const of = (account: number, storage: ValidatedOperation['storage']) =>
    validatedOperation({ sender: numberedAddress(account) }, { storage })
  const lower = of(1, { '0x00000000000000000000000000000000000000ab': { reads: ['0x0a'], writes: [] } })
  const upper = of(2, { '0x00000000000000000000000000000000000000AB': { reads: [], writes: ['0x0A'] } })
  expect(createSharedSlots([lower]).meets(upper)).toBe(true)
})
