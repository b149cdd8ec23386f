// A price of gas as people say it: in gwei, or in wei where so little of a gwei is nothing that anybody reads.
import { exactUnits, shortUnits } from './wei.ts'

const gweiDecimals = 9
const leastGweiWei = 1_000_000n

export function gasPrice(wei: bigint | string): string {
  const amount = BigInt(wei)
  return amount < leastGweiWei ? `${exactUnits(amount, 0)} wei` : `${shortUnits(amount, gweiDecimals)} gwei`
}
