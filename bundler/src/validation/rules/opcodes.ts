// Opcodes that see more than storage and code: what they answer differs between validation and block.
import { isUnassigned } from '../../chains/evmLevel.ts'
import { type Rule, type Violation, violation } from './rule.ts'

/** ERC-7562 [OP-011], but for CREATE, which `createRules.ts` judges; each with the way out. */
const environment: Readonly<Record<string, string>> = {
  ORIGIN: 'the transaction comes from whichever bundler lands it; identify the user by the signature',
  GASPRICE: 'read the fees of the user operation instead',
  BLOCKHASH: 'validation must not depend on the block; move this to execution',
  COINBASE: 'validation must not depend on the block; move this to execution',
  TIMESTAMP: 'return validAfter and validUntil in validationData, the EntryPoint checks them',
  NUMBER: 'validation must not depend on the block; bound it in time by validationData',
  DIFFICULTY: 'validation must not depend on the block; move this to execution',
  GASLIMIT: 'validation must not depend on the block; move this to execution',
  BASEFEE: 'read the fees of the user operation instead',
  BLOBHASH: 'validation must not depend on the transaction; move this to execution',
  BLOBBASEFEE: 'validation must not depend on the block; move this to execution',
  INVALID: 'revert instead, with a reason',
  SELFDESTRUCT: 'a contract must outlive its validation',
}

const seesBalance = new Set(['BALANCE', 'SELFBALANCE'])

export const opcodeRules: Rule = phase =>
  Object.entries(phase.facts.opcodes).flatMap(([opcode, { contract }]) => {
    const banned = (rule: string, hint: string, more: Pick<Violation, 'mendedByStake'> = {}) => [
      violation(phase, { rule, opcode, contract, message: `uses banned opcode: ${opcode}`, hint, ...more }),
    ]
    // ERC-7562 [OP-011]
    const hint = environment[opcode]
    if (hint !== undefined) return banned('OP-011', hint)
    // ERC-7562 [OP-012] The facts count GAS only where no *CALL follows at once.
    if (opcode === 'GAS') {
      return banned('OP-012', 'use GAS only to hand all gas to a call; gas limits are set in the operation')
    }
    // ERC-7562 [OP-013]
    if (isUnassigned(opcode, phase.evm)) {
      const { fork } = phase.evm
      return banned('OP-013', `this chain is at the level of ${fork}: compile with evmVersion ${fork}`)
    }
    // ERC-7562 [OP-080]
    if (seesBalance.has(opcode) && !phase.entity.isStaked) {
      const hint = 'balances may be read in validation by a staked entity only: stake it, or do not'
      return banned('OP-080', hint, { mendedByStake: true })
    }
    return []
  })
