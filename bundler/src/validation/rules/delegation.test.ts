import { describe, expect, it } from 'vitest'
import { londonEvm } from '../../chains/evmLevel.ts'
import { defaultValidationLimits } from '../limits.ts'
import type { PhaseFacts } from '../trace.ts'
import type { EntityRole } from '../validatedOperation.ts'
import { delegationRules } from './delegation.ts'

const [sender, paymaster, delegate] = [
  '0x00000000000000000000000000000000000000aa',
  '0x00000000000000000000000000000000000000bb',
  '0x00000000000000000000000000000000000000cc',
] as const

/** No London chain runs delegated code: the facts are written down as a newer chain's trace gives them. */
function judge(role: EntityRole, facts: Partial<PhaseFacts>): readonly string[] {
  const entity = { address: role === 'sender' ? sender : paymaster, isStaked: true }
  return delegationRules({
    role,
    facts: { codeAccess: {}, ...facts } as PhaseFacts,
    entity,
    entities: { sender: { address: sender, isStaked: false }, paymaster: entity },
    entryPoint: delegate,
    keccakPreimages: [],
    limits: defaultValidationLimits,
    evm: londonEvm,
  }).map(({ rule }) => rule)
}
const access = { codeBytes: 23, opcode: 'CALL', contract: paymaster, inspected: false, delegate }

describe('an account that delegates by EIP-7702', () => {
  it('may be the sender', () => {
    expect(judge('sender', { delegate })).toEqual([])
  })

  it('may be no other entity [AUTH-020]', () => {
    expect(judge('paymaster', { delegate })).toEqual(['AUTH-020'])
  })

  it('may be used in validation if it is the sender, and otherwise not [AUTH-030]', () => {
    expect(judge('paymaster', { codeAccess: { [sender]: access } })).toEqual([])
    expect(judge('paymaster', { codeAccess: { [delegate]: access } })).toEqual(['AUTH-030'])
  })
})
