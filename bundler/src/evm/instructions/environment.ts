// What a contract asks about its call, the block and other accounts.
import type { Address, Hex } from 'viem'
import type { Account } from '../account.ts'
import type { ExecutionFrame } from '../frame.ts'
import { coldAccountGas, warmGas } from '../gas.ts'
import type { Machine } from '../machine.ts'
import { limbs, readAddress, readBigint, writeBigint, writeHex, writeNumber } from '../words.ts'
import type { Instruction } from './instruction.ts'
import { copyIn } from './memory.ts'

/** An instruction that pushes an address or a hash. */
export function pushHex(read: (frame: ExecutionFrame, machine: Machine) => Hex): Instruction {
  return (frame, machine) => {
    frame.top += limbs
    writeHex(frame.words, frame.top, read(frame, machine))
  }
}

export function pushBigint(read: (frame: ExecutionFrame, machine: Machine) => bigint): Instruction {
  return (frame, machine) => {
    frame.top += limbs
    writeBigint(frame.wide, frame.top, read(frame, machine))
  }
}

/** The account at `address`, its access paid for; undefined when the frame has failed. EIP-2929 */
export function access(frame: ExecutionFrame, machine: Machine, address: Address): Account | undefined {
  const account = machine.journal.account(address)
  return frame.charge(machine.journal.warm(account) ? warmGas : coldAccountGas) ? account : undefined
}

export function balance(frame: ExecutionFrame, machine: Machine): void {
  const account = access(frame, machine, readAddress(frame.words, frame.top))
  if (account !== undefined) writeBigint(frame.wide, frame.top, machine.journal.balance(account))
}

export function externalCodeSize(frame: ExecutionFrame, machine: Machine): void {
  const account = access(frame, machine, readAddress(frame.words, frame.top))
  if (account !== undefined) writeNumber(frame.words, frame.top, machine.journal.code(account).length)
}

export function externalCodeHash(frame: ExecutionFrame, machine: Machine): void {
  const account = access(frame, machine, readAddress(frame.words, frame.top))
  if (account !== undefined) writeHex(frame.words, frame.top, machine.journal.codeHash(account))
}

export function copyExternalCode(frame: ExecutionFrame, machine: Machine): void {
  const account = access(frame, machine, readAddress(frame.words, frame.top))
  if (account === undefined) return
  frame.top -= limbs
  copyIn(frame, machine.journal.code(account).bytes)
}

/** The last 256 blocks' only. */
export function blockHash(frame: ExecutionFrame, { block, journal }: Machine): void {
  const number = readBigint(frame.wide, frame.top)
  if (number >= block.number || number + 256n < block.number) writeNumber(frame.words, frame.top, 0)
  else writeHex(frame.words, frame.top, journal.blockHash(number))
}

/** No message carries blobs. EIP-4844 */
export function blobHash(frame: ExecutionFrame): void {
  writeNumber(frame.words, frame.top, 0)
}
