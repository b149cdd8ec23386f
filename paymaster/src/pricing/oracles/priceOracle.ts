// What a price source is to the rest of the service: asked at a block, it tells a price and its age, or why it has none.
import type { Result } from '@worldland-aa/service/result'
import { deny } from '../../denial.ts'
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
  problem: string,
  remedy = 'try again, or pay in another token',
): Result<never> {
  return deny('priceUnavailable', { problem, remedy })
}

export function priceStale(problem: string): Result<never> {
  return deny('priceStale', {
    problem,
    remedy: 'try again when its source has a newer one, or pay in another token',
  })
}

export function priceDeviates(problem: string): Result<never> {
  return deny('priceDeviates', {
    problem,
    remedy: 'wait until the operator has looked at it, or pay in another token',
  })
}
