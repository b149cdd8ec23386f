// CALL, CALLCODE, DELEGATECALL and STATICCALL: what they cost, and the frame they ask for.
import type { Account } from '../account.ts'
import { type Code, emptyCode } from '../code.ts'
import type { ExecutionFrame } from '../frame.ts'
import { allButOne64th, coldAccountGas, newAccountGas, stipendGas, valueGas, warmGas } from '../gas.ts'
import type { Machine } from '../machine.ts'
import type { CallType } from '../observer.ts'
import { isZero, limbs, readAddress, readBigint, readIndex } from '../words.ts'
import { access } from './environment.ts'
import type { Instruction } from './instruction.ts'

function call(type: Exclude<CallType, 'CREATE' | 'CREATE2'>): Instruction {
  const takesValue = type === 'CALL' || type === 'CALLCODE'
  const keepsAddress = type === 'CALLCODE' || type === 'DELEGATECALL'

  return (frame, machine) => {
    const { words, wide, top } = frame
    const { journal } = machine
    const asked = readIndex(words, top)
    const hasValue = takesValue && !isZero(words, top - 2 * limbs)
    let at = top - (takesValue ? 3 : 2) * limbs
    const inputOffset = readIndex(words, at)
    const inputLength = readIndex(words, at - limbs)
    at -= 2 * limbs
    const outputOffset = readIndex(words, at)
    const outputLength = readIndex(words, at - limbs)
    if (!frame.reach(inputOffset, inputLength) || !frame.reach(outputOffset, outputLength)) return

    const callee = access(frame, machine, readAddress(words, top - limbs))
    if (callee === undefined) return
    const createsAccount = type === 'CALL' && hasValue && journal.isEmpty(callee)
    if (!frame.charge((hasValue ? valueGas : 0) + (createsAccount ? newAccountGas : 0))) return
    const code = runnableCode(frame, machine, callee)
    if (code === undefined) return
    if (type === 'CALL' && hasValue && !frame.mayWrite()) return
    const passed = Math.min(asked, allButOne64th(frame.gasLeft))
    frame.gasLeft -= passed
    frame.top = at - 2 * limbs

    machine.call({
      type,
      depth: frame.depth + 1,
      address: keepsAddress ? frame.address : callee.address,
      codeAddress: callee.address,
      caller: type === 'DELEGATECALL' ? frame.caller : frame.address,
      valueWei: callValue(frame, type, takesValue ? readBigint(wide, top - 2 * limbs) : 0n),
      input: frame.memorySlice(inputOffset, inputLength),
      isStatic: frame.isStatic || type === 'STATICCALL',
      gasLimit: passed + (hasValue ? stipendGas : 0),
      code,
      outputOffset,
      outputLength,
    })
  }
}

function callValue(frame: ExecutionFrame, type: CallType, told: bigint): bigint {
  return type === 'DELEGATECALL' ? frame.valueWei : told
}

/** Behind a delegation the delegate's code, whose access is paid for too; undefined when the frame has failed. EIP-7702 */
function runnableCode(frame: ExecutionFrame, machine: Machine, callee: Account): Code | undefined {
  const { journal, rules } = machine
  if (rules.precompiles.has(callee.address)) return emptyCode
  const code = journal.code(callee)
  const delegate = rules.hasDelegation ? code.delegate : undefined
  if (delegate === undefined) return code
  const account = journal.account(delegate)
  if (!frame.charge(journal.warm(account) ? warmGas : coldAccountGas)) return undefined
  return journal.code(account)
}

export const callInstruction = call('CALL')
export const callCodeInstruction = call('CALLCODE')
export const delegateCallInstruction = call('DELEGATECALL')
export const staticCallInstruction = call('STATICCALL')
