// Writes the smallest contract that breaks a rule: mnemonics to byte code, a number becomes the PUSH that fits it.
import { type Address, concatHex, getContractAddress, type Hex, numberToHex, size, zeroHash } from 'viem'
import { opcodeName } from '../opcodes.ts'

const numbers = new Map(Array.from({ length: 256 }, (_, number) => [opcodeName(number), number]))

/** `assemble('TIMESTAMP POP 1 0 SSTORE')`. Unassigned opcodes go by their number in hex after a dot: `.0c`. */
export function assemble(source: string): Hex {
  return concatHex(
    source
      .split(/\s+/)
      .filter(token => token !== '')
      .map(token => {
        if (token.startsWith('.')) return `0x${token.slice(1)}` as Hex
        const number = token.startsWith('0x') ? undefined : numbers.get(token)
        if (number !== undefined) return numberToHex(number, { size: 1 })
        const operand = numberToHex(BigInt(token))
        const bytes = operand.length % 2 === 0 ? operand : (`0x0${operand.slice(2)}` as Hex)
        return concatHex([numberToHex(0x5f + size(bytes), { size: 1 }), bytes])
      }),
  )
}

/** The beginning of a contract that reverts unless `condition` leaves something other than zero. */
export function revertUnless(condition: string): Hex {
  const test = assemble(condition)
  // PUSH1 destination, JUMPI, two PUSH1 0, REVERT
  const destination = size(test) + 8
  return concatHex([test, assemble(`${destination} JUMPI 0 0 REVERT JUMPDEST`)])
}

/** An account that does `body` in validateUserOp and then accepts; in any other call as well. */
export function accountCode(body: string): Hex {
  return assemble(`${body} 0 0 MSTORE 32 0 RETURN`)
}

/** A paymaster that does `body` and then agrees to pay, with `contextBytes` of context. */
export function paymasterCode(body: string, contextBytes = 0): Hex {
  const padded = Math.ceil(contextBytes / 32) * 32
  return assemble(`${body} 0x40 0 MSTORE 0 0x20 MSTORE ${contextBytes} 0x40 MSTORE ${0x60 + padded} 0 RETURN`)
}

/** validationData as a word: valid from `after` until `until`, seconds. */
export function validationDataWord({ after = 0, until = 0, aggregator = 0n }): Hex {
  return `0x${((BigInt(after) << 208n) | (BigInt(until) << 160n) | aggregator).toString(16)}`
}

/** An account whose validateUserOp answers `word`. */
export function accountAnswering(word: Hex): Hex {
  return assemble(`${word} 0 MSTORE 32 0 RETURN`)
}

/** A paymaster whose validatePaymasterUserOp answers `word` and no context. */
export function paymasterAnswering(word: Hex): Hex {
  return assemble(`0x40 0 MSTORE ${word} 0x20 MSTORE 0 0x40 MSTORE 0x60 0 RETURN`)
}

/** A contract that answers every call with `revert("no")`. */
export const revertingCode = assemble(
  `0x08c379a0 0xe0 SHL 0 MSTORE 0x20 4 MSTORE 2 36 MSTORE 0x${'6e6f'.padEnd(64, '0')} 68 MSTORE 100 0 REVERT`,
)

/** A factory that does `body` and then makes an account of `account`, at `senderOf` the factory. */
export function factoryCode(body: string, account: Hex, afterwards = ''): Hex {
  const creation = creationCode(account)
  const logic = (offset: number): Hex =>
    concatHex([
      assemble(body),
      assembleCopy(size(creation), offset),
      assemble(`0 ${size(creation)} 0 0 CREATE2 0 MSTORE ${afterwards} 32 0 RETURN`),
    ])
  return concatHex([logic(size(logic(0xffff))), creation])
}

/** The address of the account that `factoryCode(…, account)` makes. */
export function senderOf(factory: Address, account: Hex): Address {
  return getContractAddress({
    opcode: 'CREATE2',
    from: factory,
    salt: zeroHash,
    bytecode: creationCode(account),
  })
}

/** Init code: copies what stands behind it into memory and returns it. */
export function creationCode(runtime: Hex): Hex {
  const logic = (offset: number): Hex =>
    concatHex([assembleCopy(size(runtime), offset), assemble(`${size(runtime)} 0 RETURN`)])
  return concatHex([logic(size(logic(0xffff))), runtime])
}

/** CODECOPY of `bytes` at `offset` to memory 0; the offset always takes two bytes, so that it does not move itself. */
function assembleCopy(bytes: number, offset: number): Hex {
  return concatHex([assemble(`${bytes}`), '0x61', numberToHex(offset, { size: 2 }), assemble('0 CODECOPY')])
}
