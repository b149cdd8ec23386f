// What an EntryPoint says when it refuses, in the AAxx words that ERC-7769 has clients receive.
import { errorDecoder } from '@worldland-aa/sdk/protocol/errorDecoder'
import type { Abi, Hex } from 'viem'

export type EntryPointFailure = {
  /** The AAxx text. */
  readonly reason: string
  /** What reverted inside; 0x if nothing did. */
  readonly inner: Hex
  /** The operation at fault, by its place in the bundle; undefined where the EntryPoint names none. */
  readonly index: number | undefined
}

/** `named` gives the text for errors that newer EntryPoints throw in place of one. */
export function readFailure(
  abi: Abi,
  named: Readonly<Record<string, string>> = {},
): (revertData: Hex) => EntryPointFailure | undefined {
  const decode = errorDecoder(abi)
  return revertData => {
    const error = decode(revertData)
    if (error === undefined) return undefined
    const [first, reason, inner] = error.args as readonly [unknown, string, Hex]
    switch (error.errorName) {
      case 'FailedOp':
        return { index: Number(first), reason, inner: '0x' }
      case 'FailedOpWithRevert':
        return { index: Number(first), reason, inner }
      case 'Error':
        return { index: undefined, reason: String(first), inner: '0x' }
      default: {
        const text = named[error.errorName]
        return text === undefined ? undefined : { index: undefined, reason: text, inner: '0x' }
      }
    }
  }
}
