// The contracts that rule-breaking entities call, at fixed addresses, and the calls they make.
import type { Address, Hex } from 'viem'
import { assemble } from '../../testing/assemble.ts'

const mappingSlot = '0 CALLDATALOAD 0 MSTORE 0 32 MSTORE 64 0 KECCAK256 32 CALLDATALOAD ADD'

export const reader = '0x0000000000000000000000000000000000000ead'
export const writer = '0x0000000000000000000000000000000000317e07'
export const transientReader = '0x0000000000000000000000000000000000075107'
export const mappingReader = '0x0000000000000000000000000000000000ba1a9c'
export const mappingWriter = '0x0000000000000000000000000000000000ba1a9d'
export const creator = '0x00000000000000000000000000000000c4ea7e00'
export const invalid = '0x0000000000000000000000000000000000001bad'
export const selfDestructing = '0x0000000000000000000000000000000000005e1f'
export const clock = '0x00000000000000000000000000000000000071fe'
export const unassigned = '0x0000000000000000000000000000000000000c0c'
export const modern = '0x0000000000000000000000000000000000005f5f'
export const endless = '0x0000000000000000000000000000000000010095'
export const starvingCreator = '0x00000000000000000000000000000000c4ea7e01'
/** Lends the code of `reader` by EIP-7702. */
export const delegated = '0x00000000000000000000000000000000000e7702'
/** Has no code. */
export const codeless = '0x00000000000000000000000000000000000c0de5'

export const contracts: Readonly<Record<Address, Hex>> = {
  [reader]: assemble('7 SLOAD POP'),
  [writer]: assemble('1 7 SSTORE'),
  [transientReader]: assemble('7 TLOAD POP'),
  [mappingReader]: assemble(`${mappingSlot} SLOAD POP`),
  [mappingWriter]: assemble(`1 ${mappingSlot} SSTORE`),
  [creator]: assemble('0 0 0 CREATE POP'),
  [delegated]: `0xef0100${reader.slice(2)}`,
  [invalid]: assemble('INVALID'),
  [selfDestructing]: assemble('CALLER SELFDESTRUCT'),
  [clock]: assemble('TIMESTAMP POP'),
  [unassigned]: assemble('.0c'),
  [modern]: assemble('PUSH0'),
  // Init code JUMPDEST PUSH1 0 JUMP, four bytes.
  [starvingCreator]: assemble('0x5b600056 0 MSTORE 4 28 0 CREATE POP'),
  [endless]: assemble('JUMPDEST 0 JUMP'),
}

type CallOptions = { value?: number; bytes?: number; kind?: string; gas?: string }

/** Calls `to` with the first `bytes` of memory and lets it fail. */
export function call(
  to: string,
  { value = 0, bytes = 0, kind = 'CALL', gas = 'GAS' }: CallOptions = {},
): string {
  const sent = kind === 'CALL' || kind === 'CALLCODE' ? value : ''
  return `0 0 ${bytes} 0 ${sent} ${to} ${gas} ${kind} POP`
}

/** Calls a function of the EntryPoint with one argument. */
export function callEntryPoint(selector: string, argument: string, options: CallOptions = {}): string {
  return `${selector} 0xe0 SHL 0 MSTORE ${argument} 4 MSTORE ${call('ENTRYPOINT', { bytes: 36, ...options })}`
}

/** Touches `mapping[key]`, plus so many slots, in another contract. */
export function touchMapping(contract: Address, key: string, offset = 0): string {
  return `${key} 0 MSTORE ${offset} 32 MSTORE ${call(contract, { bytes: 64 })}`
}
