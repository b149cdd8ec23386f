// Native coin moves in validation only into the EntryPoint, as prefund or deposit.
import { type Rule, violation } from './rule.ts'

// ERC-7562 [OP-061]
export const callRules: Rule = phase =>
  phase.facts.calls
    .filter(call => call.valueWei > 0n && call.to !== phase.entryPoint && carriesValue.has(call.type))
    .slice(0, 1)
    .map(call =>
      violation(phase, {
        rule: 'OP-061',
        opcode: call.type,
        contract: call.to,
        message: `may not call ${call.to} with value`,
        hint: 'pay in execution: validation may send the native coin to the EntryPoint only',
      }),
    )

// A node reports the inherited value of a DELEGATECALL too, which moves nothing.
const carriesValue = new Set(['CALL', 'CALLCODE'])
