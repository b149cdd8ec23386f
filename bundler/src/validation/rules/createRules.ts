// Which contracts validation may create: the account, once; more only where a staked factory answers for it.
import type { CreationFact } from '../trace.ts'
import { type Rule, type RuledPhase, violation } from './rule.ts'

export const createRules: Rule = phase =>
  phase.facts.creations
    .filter((creation, index) => !isAllowed(creation, phase) || isRepeated(creation, index, phase))
    .slice(0, 1)
    .map(({ opcode, contract }) =>
      violation(phase, {
        // ERC-7562 [OP-011] bans CREATE, [OP-031] CREATE2, but for the exceptions below.
        rule: opcode === 'CREATE' ? 'OP-011' : 'OP-031',
        opcode,
        contract,
        message: `uses banned opcode: ${opcode}`,
        hint: 'validation may create the sender only, by one CREATE2 of its factory; a staked factory may create more',
      }),
    )

function isAllowed({ opcode, contract, created }: CreationFact, { role, entities }: RuledPhase): boolean {
  const { sender, factory } = entities
  if (factory === undefined) return false
  // ERC-7562 [EREP-061] A staked factory may create through any other contract too.
  if (factory.isStaked && role === 'factory') return true
  // ERC-7562 [EREP-060]
  if (factory.isStaked && contract === sender.address) return true
  // ERC-7562 [OP-032] A sender with a factory may CREATE itself, not through others.
  if (opcode === 'CREATE') return contract === sender.address
  // ERC-7562 [OP-031]
  return role === 'factory' && created === sender.address
}

/** ERC-7562 [OP-031] allows exactly one CREATE2. */
function isRepeated(creation: CreationFact, index: number, { entities, facts }: RuledPhase): boolean {
  if (creation.opcode !== 'CREATE2' || entities.factory?.isStaked) return false
  return facts.creations.findIndex(({ opcode }) => opcode === 'CREATE2') < index
}
