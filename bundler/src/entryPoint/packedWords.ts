// A packed operation in the words of the ABI, written out by hand: every stage needs its bytes or its hash, and a
// general encoder takes longer for them than most checks take.

import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import type { Address, Hash, Hex } from 'viem'
import type { PackedUserOperation } from 'viem/account-abstraction'

/** Words of the struct before what has no fixed length. */
const headWords = 9

/** `abi.encode(operation)`: the offset of the struct, its fields or their offsets, then what has no fixed length. */
export function encodePackedWords(packed: PackedUserOperation): Hex {
  const { sender, nonce, accountGasLimits, preVerificationGas, gasFees } = packed
  const tails = [packed.initCode, packed.callData, packed.paymasterAndData, packed.signature].map(tailOf)
  const offsets: string[] = []
  let next = headWords * 32
  for (const tail of tails) {
    offsets.push(word(next))
    next += tail.length / 2
  }
  const [initCodeAt, callDataAt, ...behindAt] = offsets
  const head = [
    addressWord(sender),
    word(nonce),
    initCodeAt,
    callDataAt,
    accountGasLimits.slice(2),
    word(preVerificationGas),
    gasFees.slice(2),
    ...behindAt,
  ]
  return `0x${[word(32), ...head, ...tails].join('')}`
}

/** userOpHash as v0.7 has it. */
export function hashPackedWords(
  packed: PackedUserOperation,
  { chainId, entryPoint }: { chainId: number; entryPoint: Address },
): Hash {
  const inner = [
    addressWord(packed.sender),
    word(packed.nonce),
    hashOf(packed.initCode),
    hashOf(packed.callData),
    packed.accountGasLimits.slice(2),
    word(packed.preVerificationGas),
    packed.gasFees.slice(2),
    hashOf(packed.paymasterAndData),
  ].join('')
  return keccak256Hex(`0x${hashOf(`0x${inner}`)}${addressWord(entryPoint)}${word(chainId)}`)
}

/** Length, bytes, and zeros up to a whole word. */
function tailOf(bytes: Hex): string {
  const digits = bytes.slice(2).toLowerCase()
  return word(digits.length / 2) + digits.padEnd(Math.ceil(digits.length / 64) * 64, '0')
}

function addressWord(address: Address): string {
  return address.slice(2).toLowerCase().padStart(64, '0')
}

function word(value: bigint | number): string {
  return value.toString(16).padStart(64, '0')
}

function hashOf(bytes: Hex): string {
  return keccak256Hex(bytes).slice(2)
}
