// Whether what the sources of a token say makes a price: all must speak, agree with each other, with the price of this
// moment where one tells a mean, and with the price before. Nothing is guessed.
import { accept, type Result } from '@worldland-aa/service/result'
import {
  type PricedToken,
  type PriceReading,
  priceDeviates,
  priceUnavailable,
} from '../oracles/priceOracle.ts'
import type { PriceProblemCode } from '../oracles/priceProblems.ts'
import { deviationBps, mostRate, type Ratio, rateOf, toDecimalText } from '../oracles/ratio.ts'

/** Sources that agree, as one. */
export type JudgedPrice = {
  readonly ratio: Ratio
  readonly rate: bigint
  /** Of the oldest source; seconds since the Unix epoch. */
  readonly updatedAtSeconds: number
  /** The second after which one of the sources is too old. */
  readonly staleAfterSeconds: number
}

export type SourceReading = {
  readonly kind: string
  readonly maxAgeSeconds: number
  readonly reading: Result<PriceReading>
}

export type PriceBounds = { readonly maxStepDeviationBps: number; readonly maxSourceDeviationBps: number }

export function judgePrice(options: {
  readonly token: PricedToken
  readonly sources: readonly SourceReading[]
  /** Absent where there was none lately. */
  readonly previous: Ratio | undefined
  readonly bounds: PriceBounds
}): Result<JudgedPrice> {
  const { token, sources, previous, bounds } = options
  const readings: PriceReading[] = []
  for (const { reading } of sources) {
    if (!reading.ok) return reading
    readings.push(reading.value)
  }
  const [first, second] = readings
  if (first === undefined) return priceUnavailable('noSource', { symbol: token.symbol })
  const apart = (
    code: PriceProblemCode,
    one: Ratio,
    other: Ratio,
    mostBps: number,
  ): Result<never> | undefined => {
    const bps = deviationBps(one, other)
    if (bps <= mostBps) return undefined
    const [is, was] = [toDecimalText(one, token.decimals), toDecimalText(other, token.decimals)]
    const { symbol } = token
    return priceDeviates(code, { symbol, is, was, percent: percent(bps), most: percent(mostBps) })
  }
  const refusal =
    (second && apart('sourcesDiffer', second.ratio, first.ratio, bounds.maxSourceDeviationBps)) ??
    readings
      .map(({ ratio, spot }) => spot && apart('spotDiffers', spot, ratio, bounds.maxSourceDeviationBps))
      .find(found => found !== undefined) ??
    (previous && apart('stepTooGreat', first.ratio, previous, bounds.maxStepDeviationBps))
  if (refusal !== undefined) return refusal
  const rate = rateOf(first.ratio)
  if (rate === 0n || rate > mostRate) {
    return priceUnavailable('beyond', { symbol: token.symbol })
  }
  return accept({
    ratio: first.ratio,
    rate,
    updatedAtSeconds: Math.min(...readings.map(reading => reading.updatedAtSeconds)),
    staleAfterSeconds: Math.min(
      ...readings.map(({ updatedAtSeconds, expiresAtSeconds }, place) =>
        Math.min(
          updatedAtSeconds + (sources[place]?.maxAgeSeconds ?? 0),
          expiresAtSeconds ?? Number.MAX_SAFE_INTEGER,
        ),
      ),
    ),
  })
}

function percent(bps: number): string {
  return bps >= 1_000_000 ? 'more than 10000 %' : `${bps / 100} %`
}
