// Programs that, put in the place of contracts' code for the length of one eth_call, read any part of the state
// and return it: no contract is deployed, and no opcode newer than Constantinople is needed.
import { type Address, concatHex, type Hex, numberToHex, pad } from 'viem'
import { program } from './program.ts'

/** Nobody's address, where the programs are put that speak for others. */
export const readerAddress: Address = '0x4337000000000000000000000000000000005707'

/** At a contract's own address: takes slots, returns their values. */
export const slotsProgram: Hex = program(`
  0
  next: CALLDATASIZE DUP2 LT @read JUMPI
  CALLDATASIZE 0 RETURN
  read: DUP1 CALLDATALOAD SLOAD DUP2 MSTORE
  32 ADD @next JUMP
`)

/**
 * At the reader's address: takes (contract, bytes of slots, slots…) again and again, returns what `slotsProgram`
 * says at each of them, one behind the other. The stack is kept as: at (in the input), out (in memory).
 */
export const gatherProgram: Hex = program(`
  0 0
  next: CALLDATASIZE DUP2 LT @read JUMPI
  POP 0 RETURN
  read: DUP1 CALLDATALOAD DUP2 32 ADD CALLDATALOAD
  DUP1 DUP4 64 ADD DUP6 CALLDATACOPY
  DUP1 DUP5 DUP2 DUP2 DUP6 GAS STATICCALL @answered JUMPI
  0 0 REVERT
  answered: DUP1 64 ADD DUP4 ADD SWAP3 POP
  SWAP1 POP DUP3 ADD SWAP2 POP
  @next JUMP
`)

/** At the reader's address: takes addresses, returns balance and code hash of each. */
export const accountsProgram: Hex = program(`
  0
  next: CALLDATASIZE DUP2 LT @read JUMPI
  CALLDATASIZE 2 MUL 0 RETURN
  read: DUP1 CALLDATALOAD
  DUP1 BALANCE DUP3 2 MUL MSTORE
  EXTCODEHASH DUP2 2 MUL 32 ADD MSTORE
  32 ADD @next JUMP
`)

export function gatherInput(contracts: readonly { address: Address; slots: readonly Hex[] }[]): Hex {
  return concatHex(
    contracts.flatMap(({ address, slots }) => [
      pad(address),
      numberToHex(32 * slots.length, { size: 32 }),
      ...slots,
    ]),
  )
}

export function accountsInput(addresses: readonly Address[]): Hex {
  return concatHex(addresses.map(address => pad(address)))
}
