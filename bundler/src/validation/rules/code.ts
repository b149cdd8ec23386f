// Whose code validation may use: contracts that exist, and precompiles everyone accepts.
import type { Address } from 'viem'
import { isAcceptedPrecompile, isPrecompileRange } from '../../chains/evmLevel.ts'
import { type Rule, violation } from './rule.ts'

export const codeRules: Rule = phase =>
  Object.entries(phase.facts.codeAccess).flatMap(([address, access]) => {
    const target = address as Address
    if (access.codeBytes > 0 || isAcceptedPrecompile(target, phase.evm)) return []
    // ERC-7562 [OP-042] A factory meets the sender before it has code.
    if (target === phase.entities.sender.address) return []
    const { opcode } = access
    // ERC-7562 [OP-062]
    if (isPrecompileRange(target)) {
      return [
        violation(phase, {
          rule: 'OP-062',
          opcode,
          contract: target,
          message: `calls ${target}, which is no accepted precompile`,
          hint: `validation may call the precompiles that this chain has at the level of ${phase.evm.fork}, no others`,
        }),
      ]
    }
    // ERC-7562 [OP-041]
    return [
      violation(phase, {
        rule: 'OP-041',
        opcode,
        contract: target,
        message: `accesses un-deployed contract address ${target} with opcode ${opcode}`,
        hint: 'validation may only use addresses that have code: deploy it first, or move this to execution',
      }),
    ]
  })
