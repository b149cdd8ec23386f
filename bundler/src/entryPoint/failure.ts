// What an EntryPoint says when it refuses, in the AAxx words that ERC-7769 has clients receive.
import { type Abi, decodeErrorResult, type Hex, parseAbi } from 'viem'

export type EntryPointFailure = {
  /** The AAxx text. */
  readonly reason: string
  /** What reverted inside; 0x if nothing did. */
  readonly inner: Hex
  /** The operation at fault, by its place in the bundle; undefined where the EntryPoint names none. */
  readonly index: number | undefined
}

const plainError = parseAbi(['error Error(string)'])

/** `named` gives the text for errors that newer EntryPoints throw in place of one. */
export function readFailure(
  abi: Abi,
  named: Readonly<Record<string, string>> = {},
): (revertData: Hex) => EntryPointFailure | undefined {
  const errors: Abi = [...abi.filter(({ type }) => type === 'error'), ...plainError]
  return revertData => {
    try {
      const { errorName, args } = decodeErrorResult({ abi: errors, data: revertData })
      const [first, reason, inner] = args as readonly [unknown, string, Hex]
      switch (errorName) {
        case 'FailedOp':
          return { index: Number(first), reason, inner: '0x' }
        case 'FailedOpWithRevert':
          return { index: Number(first), reason, inner }
        case 'Error':
          return { index: undefined, reason: String(first), inner: '0x' }
        default:
          return named[errorName] === undefined
            ? undefined
            : { index: undefined, reason: named[errorName], inner: '0x' }
      }
    } catch {
      return undefined
    }
  }
}
