// An amount of a token as people read it: by the token's own decimals and name, never the coin's.
import { formatUnits } from 'viem'

export type ShownToken = { readonly symbol: string; readonly decimals: number }

export function tokenAmount(units: bigint, { symbol, decimals }: ShownToken): string {
  return `${formatUnits(units, decimals)} ${symbol}`
}
