// What other ERC-20s brought in some hours, token by token.
import { getAddress, type Hex } from 'viem'
import type { TokenHour } from '../../decisions/explorer/readHouse.ts'
import type { TokenChargeSum } from './schema.ts'

/** The token that most operations paid in comes first. */
export function tokenChargesOf(hours: readonly TokenHour[]): TokenChargeSum[] {
  const sums = new Map<string, TokenChargeSum>()
  for (const { token, units, cost_wei, operations, symbol, decimals } of hours) {
    const sum = sums.get(token)
    sums.set(token, {
      token: getAddress(token as Hex),
      // One that was taken out of the settings is told in its smallest unit.
      symbol: symbol ?? `× ${token.slice(0, 8)}…`,
      decimals: decimals ?? 0,
      units: String(BigInt(sum?.units ?? 0) + BigInt(units)),
      costWei: String(BigInt(sum?.costWei ?? 0) + BigInt(cost_wei)),
      operations: (sum?.operations ?? 0) + operations,
    })
  }
  return [...sums.values()]
    .filter(({ operations }) => operations > 0)
    .sort((one, other) => other.operations - one.operations)
}
