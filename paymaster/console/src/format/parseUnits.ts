// A typed amount in smallest units, or undefined where it is none: `0.5` of 18 decimals is 500000000000000000.
import { coinDecimals } from './wei.ts'

export function parseUnits(typed: string, decimals = coinDecimals): bigint | undefined {
  const text = typed.trim().replaceAll(',', '')
  if (!/^(\d{1,60}(\.\d*)?|\.\d+)$/.test(text)) return undefined
  const [whole = '', fraction = ''] = text.split('.')
  // More digits than there are would be money that is rounded away.
  if (fraction.length > decimals) return undefined
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`)
}
