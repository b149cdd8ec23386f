// SHA256, RIPEMD160 and the identity.
import { createHash } from 'node:crypto'
import { ripemd160 as hashRipemd160 } from '@noble/hashes/legacy'
import { type Precompile, words } from './precompile.ts'

export const sha256: Precompile = {
  gas: input => 60 + 12 * words(input),
  run: input => new Uint8Array(createHash('sha256').update(input).digest()),
}

export const ripemd160: Precompile = {
  gas: input => 600 + 120 * words(input),
  run(input) {
    const word = new Uint8Array(32)
    word.set(hashRipemd160(input), 12)
    return word
  },
}

export const identity: Precompile = {
  gas: input => 15 + 3 * words(input),
  run: input => input.slice(),
}
