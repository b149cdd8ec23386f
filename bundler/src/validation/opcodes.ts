// The names of opcodes, as geth and the conformance suite spell them.

/** Rows of sixteen; a dot stands for an unassigned number. */
const rows: Readonly<Record<number, string>> = {
  0: 'STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND . . . .',
  1: 'LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ .',
  2: 'KECCAK256 . . . . . . . . . . . . . . .',
  3:
    'ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY ' +
    'CODESIZE CODECOPY GASPRICE EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH',
  4:
    'BLOCKHASH COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE ' +
    'BASEFEE BLOBHASH BLOBBASEFEE . . . . .',
  5: 'POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0',
  6: series('PUSH', 1),
  7: series('PUSH', 17),
  8: series('DUP', 1),
  9: series('SWAP', 1),
  10: 'LOG0 LOG1 LOG2 LOG3 LOG4 . . . . . . . . . . .',
  15: 'CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2 . . . . STATICCALL . . REVERT INVALID SELFDESTRUCT',
}

function series(name: string, first: number): string {
  return Array.from({ length: 16 }, (_, index) => `${name}${first + index}`).join(' ')
}

const names: readonly string[] = Array.from({ length: 256 }, (_, number) => {
  const name = rows[number >> 4]?.split(' ')[number & 15]
  return name === undefined || name === '.' ? `0x${number.toString(16).padStart(2, '0')}` : name
})

/** The mnemonic, or the number in hex where none is assigned. */
export function opcodeName(number: number): string {
  return names[number] ?? String(number)
}

const numbers = new Map(names.map((name, number) => [name, number]))

/** Throws for a mnemonic that is none. */
export function opcodeNumber(name: string): number {
  const number = numbers.get(name)
  if (number === undefined) throw new Error(`${name} is no opcode`)
  return number
}
