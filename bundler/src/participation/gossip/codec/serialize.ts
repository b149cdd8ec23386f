// The one place where SSZ meets bytes of strangers: the library throws on what is malformed.
import type { Type } from '@chainsafe/ssz'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { type Decoded, decoded, malformed } from './decoded.ts'

export function deserialize<Value>(type: Type<Value>, bytes: Uint8Array): Decoded<Value> {
  try {
    return decoded(type.deserialize(bytes))
  } catch (error) {
    return malformed(`it is no ${type.typeName}: ${reasonOf(error).slice(0, 200)}`)
  }
}

export const toBytes = (hex: Hex): Uint8Array => hexToBytes(hex)
export const toHex = (bytes: Uint8Array): Hex => bytesToHex(bytes)
