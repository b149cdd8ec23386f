// What a price source is to the rest of the service: asked at a block, it tells a price and its age, or why it has none.
import type { Result } from '@worldland-aa/service/result'
import { type DenialReason, deny } from '../../denial.ts'
import { type PriceProblemCode, type PriceSays, tellPriceProblem } from './priceProblems.ts'
import type { Ratio } from './ratio.ts'

export type PriceReading = {
  readonly ratio: Ratio
  /** Seconds since the Unix epoch: as of when the source says so. */
  readonly updatedAtSeconds: number
  /** Seconds since the Unix epoch; it says so itself that it holds no longer. */
  readonly expiresAtSeconds?: number
  /** The price of this moment, where the ratio is a mean: only compared with it. */
  readonly spot?: Ratio
}

export type PriceMoment = { readonly blockNumber: bigint; readonly timestampSeconds: number }

export type PriceOracle = {
  readonly kind: string
  /** A reading older than this is none. */
  readonly maxAgeSeconds: number
  read(at: PriceMoment): Promise<Result<PriceReading>>
  /** A reorg has taken back this block and all after it. */
  forget?(fromBlockNumber: bigint): void
}

export type PricedToken = {
  readonly address: `0x${string}`
  readonly symbol: string
  readonly decimals: number
}

/** Nothing can be said of the price at all. */
export function priceUnavailable(
  code: PriceProblemCode,
  values: PriceSays['values'],
  remedy = 'try again, or pay in another token',
): Result<never> {
  return denyBy('priceUnavailable', { code, values }, remedy)
}

/** `why`: what keeps its source from telling a newer one, where that is known. */
export function priceStale(values: PriceSays['values'], why = ''): Result<never> {
  const remedy = 'try again when its source has a newer one, or pay in another token'
  return denyBy('priceStale', { code: 'stale', values }, remedy, why)
}

export function priceDeviates(code: PriceProblemCode, values: PriceSays['values']): Result<never> {
  const remedy = 'wait until the operator has looked at it, or pay in another token'
  return denyBy('priceDeviates', { code, values }, remedy)
}

function denyBy(reason: DenialReason, says: PriceSays, remedy: string, more = ''): Result<never> {
  return deny(reason, { problem: `${tellPriceProblem(says)}${more}`, remedy }, { says })
}
