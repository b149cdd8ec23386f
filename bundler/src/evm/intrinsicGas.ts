// What a message costs before its first instruction, and at least.
import type { Hex } from 'viem'
import { initcodeWordGas } from './gas.ts'
import type { Rules } from './rules.ts'

const transactionGas = 21_000
const creationGas = 32_000
const zeroByteGas = 4
/** EIP-2028 */
const otherByteGas = 16
/** EIP-7623: a token is a zero byte, or a quarter of another. */
const floorTokenGas = 10

export type IntrinsicGas = { readonly gas: number; readonly floor: number }

export function intrinsicGas(rules: Rules, data: Hex, isCreation: boolean): IntrinsicGas {
  const bytes = (data.length - 2) / 2
  let zeroBytes = 0
  for (let at = 2; at < data.length; at += 2) if (data[at] === '0' && data[at + 1] === '0') zeroBytes++
  const otherBytes = bytes - zeroBytes
  const creation = isCreation
    ? creationGas + (rules.limitsInitcode ? initcodeWordGas * Math.ceil(bytes / 32) : 0)
    : 0
  return {
    gas: transactionGas + creation + zeroByteGas * zeroBytes + otherByteGas * otherBytes,
    floor: rules.hasCalldataFloor ? transactionGas + floorTokenGas * (zeroBytes + 4 * otherBytes) : 0,
  }
}
