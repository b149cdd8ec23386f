// What validation may do with the EntryPoint: pay the prefund, deposit for the sender, burn a nonce.
import type { Address } from 'viem'
import type { CallFact } from '../trace.ts'
import { type Rule, type RuledPhase, violation } from './rule.ts'

const depositTo = '0xb760faf9'
const incrementNonce = '0x0bd28e3b'

export const entryPointAccessRules: Rule = phase => {
  const { facts, entryPoint } = phase
  const access = facts.codeAccess[entryPoint]
  const forbidden = facts.calls.find(call => call.to === entryPoint && !isAllowedCall(call, phase))
  return [
    // ERC-7562 [OP-051] EXTCODESIZE ISZERO, which Solidity puts before a call, does not count as inspecting.
    ...(access?.inspected
      ? [
          violation(phase, {
            rule: 'OP-054',
            opcode: access.opcode,
            contract: access.contract,
            message: 'accesses the code of the EntryPoint',
            hint: 'only the test whether it has code, EXTCODESIZE ISZERO, is allowed',
          }),
        ]
      : []),
    // ERC-7562 [OP-054]
    ...(forbidden
      ? [
          violation(phase, {
            rule: 'OP-054',
            opcode: forbidden.type,
            contract: forbidden.from,
            message: `illegal call into EntryPoint during validation ${forbidden.inputHead.slice(0, 10)}`,
            hint: 'allowed are the prefund from the account, depositTo(sender) by account or factory, incrementNonce by the account',
          }),
        ]
      : []),
  ]
}

function isAllowedCall(call: CallFact, { entities }: RuledPhase): boolean {
  if (call.type !== 'CALL') return false
  const fromSender = call.from === entities.sender.address
  // ERC-7562 [OP-053]
  if (call.inputHead === '0x') return fromSender
  const selector = call.inputHead.slice(0, 10)
  // ERC-7562 [OP-055]
  if (selector === incrementNonce) return fromSender
  // ERC-7562 [OP-052]
  return (
    selector === depositTo &&
    (fromSender || call.from === entities.factory?.address) &&
    argumentOf(call) === entities.sender.address
  )
}

function argumentOf({ inputHead }: CallFact): Address {
  return `0x${inputHead.slice(-40)}`
}
