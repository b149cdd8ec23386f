// CREATE, CREATE2 and SELFDESTRUCT.
import { type ExecutionFrame, noBytes } from '../frame.ts'
import { allButOne64th, coldAccountGas, initcodeWordGas, maxInitcodeBytes, newAccountGas } from '../gas.ts'
import type { Machine } from '../machine.ts'
import { limbs, readAddress, readBigint, readHex, readIndex } from '../words.ts'
import type { Instruction } from './instruction.ts'

const hashWordGas = 6

function create(type: 'CREATE' | 'CREATE2'): Instruction {
  const operands = type === 'CREATE' ? 3 : 4

  return (frame, machine) => {
    const { words, wide, top } = frame
    const offset = readIndex(words, top - limbs)
    const length = readIndex(words, top - 2 * limbs)
    if (!chargeInitcode(frame, machine, type, length) || !frame.reach(offset, length)) return
    if (!frame.mayWrite()) return
    const passed = allButOne64th(frame.gasLeft)
    frame.gasLeft -= passed
    frame.top = top - operands * limbs
    machine.create({
      type,
      creator: frame.address,
      depth: frame.depth + 1,
      valueWei: readBigint(wide, top),
      initcode: frame.memorySlice(offset, length),
      salt: type === 'CREATE2' ? readHex(words, top - 3 * limbs) : undefined,
      gasLimit: passed,
    })
  }
}

function chargeInitcode(
  frame: ExecutionFrame,
  { rules }: Machine,
  type: 'CREATE' | 'CREATE2',
  length: number,
): boolean {
  if (rules.limitsInitcode && length > maxInitcodeBytes) {
    frame.fail('initcode too large')
    return false
  }
  const wordGas = (rules.limitsInitcode ? initcodeWordGas : 0) + (type === 'CREATE2' ? hashWordGas : 0)
  return wordGas === 0 || frame.charge(wordGas * Math.ceil(length / 32))
}

export const createInstruction = create('CREATE')
export const create2Instruction = create('CREATE2')

/** Its first 5000 gas are taken as for any instruction. EIP-6780 from cancun on. */
export function selfDestruct(frame: ExecutionFrame, machine: Machine): void {
  const { journal, rules } = machine
  const heir = journal.account(readAddress(frame.words, frame.top))
  if (!frame.charge(journal.warm(heir) ? 0 : coldAccountGas)) return
  const account = journal.account(frame.address)
  const balance = journal.balance(account)
  if (balance !== 0n && journal.isEmpty(heir) && !frame.charge(newAccountGas)) return
  if (!frame.mayWrite()) return
  const isDestroyed = account.isCreated || !rules.destroysOnlyNew
  journal.transfer(account, heir, balance)
  // What is left to oneself goes with the account.
  if (isDestroyed) {
    journal.setBalance(account, 0n)
    journal.markDestroyed(account)
  }
  frame.finish(noBytes)
}
