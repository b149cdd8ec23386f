import { type Hex, isHex, size } from 'viem'

// Of an X25519 key, public or private.
export const sealingKeyLengthBytes = 32

export function isSealingKey(key: unknown): key is Hex {
  return isHex(key) && size(key) === sealingKeyLengthBytes
}
