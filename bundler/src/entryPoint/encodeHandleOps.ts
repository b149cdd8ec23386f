// The calldata of a bundle, put together from operations that are encoded already.
import type { Address, Hex } from 'viem'
import type { EntryPointVersion } from './entryPointVersion.ts'

/** handleOps(operations, beneficiary); each operation as `EntryPointVersion.encode` gives it. */
export function encodeHandleOps(
  { selectors }: Pick<EntryPointVersion, 'selectors'>,
  operations: readonly Hex[],
  beneficiary: Address,
): Hex {
  return encodeBundlingCall(selectors.handleOps, operations, [beneficiary])
}

/** selector(operations, ...others) */
export function encodeBundlingCall(
  selector: Hex,
  operations: readonly Hex[],
  others: readonly (Address | bigint)[],
): Hex {
  // Each is encoded as an array's only element: the offset to itself, and its bytes.
  const bodies = operations.map(bodyOf)
  const offsets: number[] = []
  let next = operations.length * 32
  for (const body of bodies) {
    offsets.push(next)
    next += body.length / 2
  }
  const head = [word(32 * (1 + others.length)), ...others.map(word), word(operations.length)]
  return `${selector}${[...head, ...offsets.map(word), ...bodies].join('')}`
}

function word(value: number | bigint | Address): string {
  const digits = typeof value === 'string' ? value.slice(2).toLowerCase() : value.toString(16)
  return digits.padStart(64, '0')
}

/** Without 0x and the first word. */
function bodyOf(encoded: Hex): string {
  return encoded.slice(2 + 64)
}
