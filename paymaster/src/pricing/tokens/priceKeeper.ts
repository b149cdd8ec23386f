// Keeps the price of one token: asks its sources at every block, holds what they say to the operator's limits, and tells
// the price or why there is none at the moment.
import { accept, type Result } from '@worldland-aa/service/result'
import type { PricedToken, PriceMoment, PriceOracle } from '../oracles/priceOracle.ts'
import { priceStale, priceUnavailable } from '../oracles/priceOracle.ts'
import type { Ratio } from '../oracles/ratio.ts'
import { type JudgedPrice, judgePrice, type PriceBounds, type SourceReading } from './judgePrice.ts'

export type PriceKeeper = {
  refresh(at: PriceMoment): Promise<void>
  forget(fromBlockNumber: bigint): void
  /** What may be signed at. */
  price(): Result<JudgedPrice>
  /** What the sources said last, and the last price that was good, old or not. */
  view(): PriceView
  /** The operator has looked at a price that deviates from the one before: it is the one to compare with from now on. */
  acceptStep(): void
}

export type PriceView = {
  readonly last: JudgedPrice | undefined
  readonly sources: readonly SourceReading[]
}

export function createPriceKeeper(options: {
  readonly token: PricedToken
  readonly oracles: readonly PriceOracle[]
  readonly bounds: PriceBounds
  /** Of the last good price before this process, if that was lately. */
  readonly previous: Ratio | undefined
  /** Seconds since the Unix epoch, as the chain measures them. */
  readonly now: () => number
  readonly onPrice: (price: JudgedPrice) => void
}): PriceKeeper {
  const { token, oracles, bounds, now } = options
  let previous = options.previous
  let last: JudgedPrice | undefined
  let sources: readonly SourceReading[] = []
  /** Sources that disagree, or a step that is too great: the last price does not hold until it is resolved. */
  let deviation: Result<never> | undefined
  let unread: Result<never> | undefined = priceUnavailable(
    'notReadYet',
    { symbol: token.symbol },
    'try again in some seconds',
  )

  function judge(): void {
    const judged = judgePrice({ token, sources, previous, bounds })
    if (judged.ok) {
      last = judged.value
      previous = judged.value.ratio
      deviation = undefined
      unread = undefined
      options.onPrice(judged.value)
      return
    }
    const isDeviation = (judged.refusal.data as { reason?: string }).reason === 'priceDeviates'
    if (isDeviation) deviation = judged
    // A source that does not speak leaves the last price standing until that is too old.
    else unread = judged
  }

  return {
    async refresh(at) {
      sources = await Promise.all(
        oracles.map(async oracle => ({
          kind: oracle.kind,
          maxAgeSeconds: oracle.maxAgeSeconds,
          reading: await oracle.read(at),
        })),
      )
      judge()
    },
    forget(fromBlockNumber) {
      for (const oracle of oracles) oracle.forget?.(fromBlockNumber)
    },
    price() {
      if (deviation !== undefined) return deviation
      if (last === undefined) return unread ?? priceUnavailable('noPrice', { symbol: token.symbol })
      const ageSeconds = now() - last.updatedAtSeconds
      if (now() <= last.staleAfterSeconds) return accept(last)
      const why =
        unread === undefined ? '' : `; ${(unread as { refusal: { message: string } }).refusal.message}`
      return priceStale({ symbol: token.symbol, seconds: String(ageSeconds) }, why)
    },
    view: () => ({ last, sources }),
    acceptStep() {
      previous = undefined
      judge()
    },
  }
}
