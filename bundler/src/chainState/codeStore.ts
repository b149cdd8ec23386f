// Every code the node ever gave, by its hash: what has a hash cannot change. The least recently used makes room.
import type { Hex } from 'viem'
import { Code, emptyCode } from '../evm/code.ts'
import { hashOfNoCode } from './hashReader.ts'

const maxBytes = 64 * 1024 * 1024
const hashOfNothing: Hex = `0x${'00'.repeat(32)}`

export class CodeStore {
  /** The least recently used first. */
  readonly #codes = new Map<Hex, Code>()
  #bytes = 0

  has(codeHash: Hex): boolean {
    return isNoCode(codeHash) || this.#codes.has(codeHash)
  }

  /** Throws for a code that is not there. */
  get(codeHash: Hex): Code {
    if (isNoCode(codeHash)) return emptyCode
    const code = this.#codes.get(codeHash)
    if (code === undefined) throw new Error(`The code ${codeHash} is not known`)
    this.#codes.delete(codeHash)
    this.#codes.set(codeHash, code)
    return code
  }

  add(codeHash: Hex, hex: Hex): void {
    if (this.has(codeHash)) return
    const code = Code.fromHex(hex)
    this.#codes.set(codeHash, code)
    this.#bytes += code.length
    for (const [oldest, { length }] of this.#codes) {
      if (this.#bytes <= maxBytes) return
      this.#codes.delete(oldest)
      this.#bytes -= length
    }
  }
}

function isNoCode(codeHash: Hex): boolean {
  return codeHash === hashOfNothing || codeHash === hashOfNoCode
}
