import { describe, expect, it } from 'vitest'
import { londonEvm } from '../../chains/evmLevel.ts'
import { defaultValidationLimits } from '../limits.ts'
import type { CreationFact, PhaseFacts } from '../trace.ts'
import { createRules } from './createRules.ts'
import type { RuledPhase } from './rule.ts'

const [sender, factory, other] = [
  '0x00000000000000000000000000000000000000aa',
  '0x00000000000000000000000000000000000000bb',
  '0x00000000000000000000000000000000000000cc',
] as const

/** What no factory can show on a chain without breaking another rule too: only how often, or only what, it creates. */
function judge(creations: readonly CreationFact[]): readonly string[] {
  const phase: RuledPhase = {
    role: 'factory',
    facts: { creations } as PhaseFacts,
    entity: { address: factory, isStaked: false },
    entities: {
      sender: { address: sender, isStaked: false },
      factory: { address: factory, isStaked: false },
    },
    entryPoint: other,
    keccakPreimages: [],
    limits: defaultValidationLimits,
    evm: londonEvm,
  }
  return createRules(phase).map(({ rule }) => rule)
}

describe('CREATE2 by an unstaked factory', () => {
  const ofSender: CreationFact = { opcode: 'CREATE2', contract: factory, created: sender }

  it('may create the sender', () => {
    expect(judge([ofSender])).toEqual([])
  })

  it('may create it once', () => {
    expect(judge([ofSender, ofSender])).toEqual(['OP-031'])
  })

  it('may create nothing else, even if it creates nothing besides', () => {
    expect(judge([{ ...ofSender, created: other }])).toEqual(['OP-031'])
  })
})
