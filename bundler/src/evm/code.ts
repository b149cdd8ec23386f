// A contract's code with what execution wants to know of it, found once however often it is run:
// keep one object per distinct code.

import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import type { Address, Hex } from 'viem'

/** What the longest PUSH may read beyond the end: zeros, of which the first is a STOP. */
const paddingBytes = 33

export class Code {
  readonly length: number
  /** Followed by zeros, so that no instruction reads beyond the end. */
  readonly padded: Uint8Array
  #hash: Hex | undefined
  #jumpDestinations: Uint8Array | undefined

  constructor(bytes: Uint8Array) {
    this.length = bytes.length
    this.padded = new Uint8Array(bytes.length + paddingBytes)
    this.padded.set(bytes)
  }

  static fromHex(hex: Hex): Code {
    return hex === '0x' ? emptyCode : new Code(bytesOf(hex))
  }

  get bytes(): Uint8Array {
    return this.padded.subarray(0, this.length)
  }

  get hash(): Hex {
    this.#hash ??= hexOf(keccak256(this.bytes))
    return this.#hash
  }

  /** Whether a JUMP may go there: a JUMPDEST that is no PUSH's data. */
  isJumpDestination(at: number): boolean {
    this.#jumpDestinations ??= findJumpDestinations(this.padded, this.length)
    return this.#jumpDestinations[at] === 1
  }

  /** Whose code runs instead, if this is a delegation. EIP-7702 */
  get delegate(): Address | undefined {
    const { padded } = this
    if (this.length !== 23 || padded[0] !== 0xef || padded[1] !== 0x01 || padded[2] !== 0) return undefined
    return hexOf(padded.subarray(3, 23))
  }
}

export const emptyCode = new Code(new Uint8Array(0))

function findJumpDestinations(padded: Uint8Array, length: number): Uint8Array {
  const found = new Uint8Array(length)
  for (let at = 0; at < length; at++) {
    const opcode = padded[at] as number
    if (opcode === 0x5b) found[at] = 1
    else if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f
  }
  return found
}
