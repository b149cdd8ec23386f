// Many reads of the state in one eth_call, on any node and any EVM since Constantinople: the call "creates" a
// contract whose init code is made to measure, reads what is asked and returns it. Nothing is deployed.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  type Address,
  concatHex,
  encodeFunctionData,
  type Hash,
  type Hex,
  numberToHex,
  size,
  slice,
  zeroAddress,
} from 'viem'
import type { Stake } from '../entryPoint/stake.ts'

export type StateAnswer = { readonly stakes: readonly Stake[]; readonly codeHashes: readonly Hash[] }

const wordBytes = 32
/** The struct DepositInfo: deposit, staked, stake, unstakeDelaySec, withdrawTime. */
const stakeBytes = 5 * wordBytes
const inputBytes = 36

// Memory: a word of zeros, since what a creation returns must not begin with 0xEF (EIP-3541); two words
// for the input of getDepositInfo; then the answers.
const inputAt = wordBytes
const answersAt = 3 * wordBytes

/** The first word of the input: the selector, and zeros. */
const depositInfoInput = slice(
  encodeFunctionData({ abi: entryPoint07Abi, functionName: 'getDepositInfo', args: [zeroAddress] }),
  0,
  wordBytes,
)

export function encodeStateProgram(request: {
  entryPoint: Address
  stakesOf: readonly Address[]
  codeOf: readonly Address[]
}): Hex {
  const { entryPoint, stakesOf, codeOf } = request
  const codeHashesAt = answersAt + stakesOf.length * stakeBytes
  const end = codeHashesAt + codeOf.length * wordBytes
  return concatHex([
    push(depositInfoInput),
    push(inputAt),
    opcode.mstore,
    ...stakesOf.flatMap((address, index) => [
      push(address),
      push(inputAt + inputBytes - wordBytes),
      opcode.mstore,
      push(stakeBytes),
      push(answersAt + index * stakeBytes),
      push(inputBytes),
      push(inputAt),
      push(entryPoint),
      opcode.gas,
      opcode.staticCall,
      opcode.pop,
    ]),
    ...codeOf.flatMap((address, index) => [
      push(address),
      opcode.extCodeHash,
      push(codeHashesAt + index * wordBytes),
      opcode.mstore,
    ]),
    push(end),
    push(0),
    opcode.return,
  ])
}

/** Throws when the answer is not one of the program's. */
export function decodeStateAnswer(answer: Hex, counts: { stakes: number; codeHashes: number }): StateAnswer {
  const codeHashesAt = answersAt + counts.stakes * stakeBytes
  if (size(answer) !== codeHashesAt + counts.codeHashes * wordBytes) {
    throw new Error(`The node answered ${size(answer)} bytes where the entities' stakes and code were asked`)
  }
  return {
    stakes: Array.from({ length: counts.stakes }, (_, index) => {
      const at = answersAt + index * stakeBytes
      const word = (number: number): bigint =>
        BigInt(slice(answer, at + number * wordBytes, at + (number + 1) * wordBytes))
      return { stakeWei: word(2), unstakeDelaySeconds: Number(word(3)), isLocked: word(1) === 1n }
    }),
    codeHashes: Array.from({ length: counts.codeHashes }, (_, index) => {
      const at = codeHashesAt + index * wordBytes
      return slice(answer, at, at + wordBytes)
    }),
  }
}

const opcode = {
  extCodeHash: '0x3f',
  pop: '0x50',
  mstore: '0x52',
  gas: '0x5a',
  return: '0xf3',
  staticCall: '0xfa',
} as const

/** PUSHn of a value, as wide as it is written. */
function push(value: Hex | number): Hex {
  const bytes = typeof value === 'number' ? numberToHex(value, { size: 2 }) : value
  return concatHex([numberToHex(0x5f + size(bytes), { size: 1 }), bytes])
}
