// Accounts that lend their code by EIP-7702: who holds their key can change that code at any time.
import type { Address } from 'viem'
import { type Rule, violation } from './rule.ts'

export const delegationRules: Rule = phase => {
  const { facts, entity, entities, role } = phase
  const used = (Object.keys(facts.codeAccess) as Address[]).find(
    address => facts.codeAccess[address]?.delegate !== undefined && address !== entities.sender.address,
  )
  return [
    // ERC-7562 [AUTH-020]
    ...(facts.delegate !== undefined && role !== 'sender'
      ? [
          violation(phase, {
            rule: 'AUTH-020',
            contract: entity.address,
            message: `is an account that delegates to ${facts.delegate}`,
            hint: 'an account with an EIP-7702 delegation may be the sender, and nothing else',
          }),
        ]
      : []),
    // ERC-7562 [AUTH-030]
    ...(used === undefined
      ? []
      : [
          violation(phase, {
            rule: 'AUTH-030',
            contract: used,
            message: `uses ${used}, an account that delegates to ${facts.codeAccess[used]?.delegate}`,
            hint: 'validation may use the code of a delegated account only if it is the sender',
          }),
        ]),
  ]
}
