// The calldata of a bundle, put together from operations that are encoded already.
import type { Address, Hex } from 'viem'
import type { EntryPointVersion } from './entryPointVersion.ts'

/** handleOps(operations, beneficiary); each operation as `EntryPointVersion.encode` gives it. */
export function encodeHandleOps(
  { selectors }: Pick<EntryPointVersion, 'selectors'>,
  operations: readonly Hex[],
  beneficiary: Address,
): Hex {
  // Each is encoded as an array's only element: the offset to itself, and its bytes.
  const bodies = operations.map(bodyOf)
  const offsets: number[] = []
  let next = operations.length * 32
  for (const body of bodies) {
    offsets.push(next)
    next += body.length / 2
  }
  const head = [word(0x40), beneficiary.slice(2).toLowerCase().padStart(64, '0'), word(operations.length)]
  return `${selectors.handleOps}${[...head, ...offsets.map(word), ...bodies].join('')}`
}

function word(value: number): string {
  return value.toString(16).padStart(64, '0')
}

/** Without 0x and the first word. */
function bodyOf(encoded: Hex): string {
  return encoded.slice(2 + 64)
}
