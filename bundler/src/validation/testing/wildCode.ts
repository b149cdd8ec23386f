// Entities that nobody would write: random programs over everything validation may and may not do, and the byte code
// of real accounts with some of it changed. By fast-check, so that a failure shrinks and can be had again.
import fc from 'fast-check'
import { concatHex, type Hex, hexToBytes, toHex } from 'viem'
import { contracts, delegated } from '../rules/testing/contracts.ts'
import { assemble } from './assemble.ts'

const environment =
  'ADDRESS ORIGIN CALLER CALLVALUE CALLDATASIZE CODESIZE GASPRICE RETURNDATASIZE COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE BASEFEE PC MSIZE GAS'.split(
    ' ',
  )
const unary = 'ISZERO NOT CALLDATALOAD MLOAD SLOAD BALANCE EXTCODESIZE EXTCODEHASH BLOCKHASH'.split(' ')
const binary =
  'ADD MUL SUB DIV SDIV MOD SMOD EXP SIGNEXTEND LT GT SLT SGT EQ AND OR XOR BYTE SHL SHR SAR'.split(' ')
const callKinds = ['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL'] as const
const places = [
  'SENDER',
  'FACTORY',
  'PAYMASTER',
  'ENTRYPOINT',
  'ADDRESS',
  'CALLER',
  // But for the delegated account: revm follows a delegation before Prague too, where 0xef is no opcode.
  ...Object.keys(contracts).filter(address => address !== delegated),
]
const strangers = ['1', '2', '4', '9', '10', '0xc0de5', '0xffffffffffffffffffffffffffffffffffffffff']

const number = fc.oneof(
  fc.constantFrom('0', '1', '7', '32', '128', '255', '0x100', '0xffff', `0x${'ff'.repeat(32)}`),
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }).map(value => `0x${value.toString(16)}`),
)
const small = fc.integer({ min: 0, max: 160 }).map(String)
const place = fc.constantFrom(...places, ...strangers)
const value = fc.oneof(number, place, fc.constantFrom(...environment))

/** Leaves the stack as it was. */
const statement: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...environment).map(opcode => `${opcode} POP`) },
  { weight: 3, arbitrary: fc.tuple(value, fc.constantFrom(...unary)).map(([one, by]) => `${one} ${by} POP`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(value, value, fc.constantFrom(...binary))
      .map(([one, two, by]) => `${two} ${one} ${by} POP`),
  },
  { weight: 2, arbitrary: fc.tuple(value, small).map(([stored, slot]) => `${stored} ${slot} SSTORE`) },
  { weight: 2, arbitrary: small.map(slot => `${slot} SLOAD POP`) },
  // A mapping's slot: of somebody, at an offset.
  {
    weight: 2,
    arbitrary: fc
      .tuple(place, small, fc.constantFrom('SLOAD POP', '1 SWAP1 SSTORE'))
      .map(([key, offset, use]) => `${key} 0 MSTORE 1 32 MSTORE 64 0 KECCAK256 ${offset} ADD ${use}`),
  },
  { weight: 2, arbitrary: fc.tuple(value, small).map(([stored, at]) => `${stored} ${at} MSTORE`) },
  { weight: 1, arbitrary: fc.tuple(small, small).map(([length, at]) => `${length} ${at} KECCAK256 POP`) },
  { weight: 1, arbitrary: fc.tuple(small, small).map(([length, at]) => `1 ${length} ${at} LOG1`) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(place, fc.constantFrom(...callKinds), fc.constantFrom('0', '0', '1'), small, gasOf())
      .map(([to, kind, wei, bytes, gas]) => callOf({ to, kind, wei, bytes, gas })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('0xb760faf9', '0x0bd28e3b', '0x70a08231', '0x1fad948c'), place, gasOf())
      .map(
        ([selector, argument, gas]) =>
          `${selector} 0xe0 SHL 0 MSTORE ${argument} 4 MSTORE ${callOf({ to: 'ENTRYPOINT', kind: 'CALL', wei: '0', bytes: '36', gas })}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '0 0 0 CREATE POP',
      '7 0 0 0 CREATE2 POP',
      '0x5b600056 0 MSTORE 4 28 0 CREATE POP',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(small, place).map(([length, of]) => `${length} 0 0 ${of} EXTCODECOPY`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'INVALID',
      '.0c',
      '.5f',
      '.5c',
      'CALLER SELFDESTRUCT',
      '0 0 REVERT',
      'STOP',
      'POP',
    ),
  },
)

function gasOf(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('GAS') },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }).map(String) },
  )
}

function callOf(call: {
  to: string
  kind: (typeof callKinds)[number]
  wei: string
  bytes: string
  gas: string
}): string {
  const sent = call.kind === 'CALL' || call.kind === 'CALLCODE' ? call.wei : ''
  return `0 0 ${call.bytes} 0 ${sent} ${call.to} ${call.gas} ${call.kind} POP`
}

/** What an entity does, in the mnemonics of `assemble`, with SENDER, FACTORY, PAYMASTER, ENTRYPOINT for addresses. */
export const wildBody: fc.Arbitrary<string> = fc
  .array(statement, { maxLength: 8 })
  .map(list => list.join(' '))

/** The same code with some bytes changed, put in or left out. */
export function mutated(codes: readonly Hex[]): fc.Arbitrary<Hex> {
  return fc
    .tuple(
      fc.constantFrom(...codes),
      fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          kind: fc.constantFrom('change', 'change', 'insert', 'delete', 'flip'),
          byte: fc.oneof(
            fc.integer({ min: 0, max: 255 }),
            fc.constantFrom(
              0x31,
              0x3b,
              0x42,
              0x43,
              0x45,
              0x47,
              0x54,
              0x55,
              0x5a,
              0xf0,
              0xf1,
              0xf4,
              0xf5,
              0xfa,
              0xfe,
              0xff,
            ),
          ),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    )
    .map(([code, changes]) => {
      const bytes = [...hexToBytes(code)]
      for (const { at, kind, byte } of changes) {
        const index = Math.floor(at * bytes.length)
        if (kind === 'change') bytes[index] = byte
        else if (kind === 'insert') bytes.splice(index, 0, byte)
        else if (kind === 'delete') bytes.splice(index, 1)
        else bytes[index] = (bytes[index] ?? 0) ^ (1 << (byte & 7))
      }
      return toHex(Uint8Array.from(bytes))
    })
}

/** Random bytes in front of code that would otherwise be fine. */
export const wildBytes: fc.Arbitrary<Hex> = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map(bytes => concatHex([toHex(bytes), assemble('0 0 MSTORE 32 0 RETURN')]))
