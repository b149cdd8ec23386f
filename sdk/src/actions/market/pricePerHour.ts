// Prices as people name them, by the hour; the market counts token wei for one unit and second. All in whole numbers.
import { formatEther, parseEther } from 'viem'
import { ComputeError } from '../../errors/computeError.ts'

const secondsPerHour = 3_600n

/**
 * Parses a price of tokens an hour into token wei a second. An hour's wei that 3600 does not divide is rounded down,
 * so that nobody pays more than was written: at most 3599 wei an hour less.
 *
 * @example
 * import { parsePricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
 *
 * const pricePerSecondWei = parsePricePerHour('0.5') // 138888888888888n
 */
export function parsePricePerHour(tokensPerHour: string): bigint {
  if (!/^\d{1,20}(\.\d{1,18})?$/.test(tokensPerHour)) {
    throw new ComputeError({
      problem: `The price "${tokensPerHour.slice(0, 60)}" is no amount of tokens an hour.`,
      remedy: "Write it in decimals, with at most 18 behind the point, such as '0.5'.",
    })
  }
  return parseEther(tokensPerHour) / secondsPerHour
}

/**
 * Formats token wei a second as tokens an hour: exact, so that `parsePricePerHour` gives the same wei again; or rounded
 * to `decimals` (half up) for people to read, so that a price written as 0.5 reads 0.5.
 *
 * @example
 * import { formatPricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
 *
 * formatPricePerHour(offer.pricePerSecondWei) // '0.4999999999999968'
 * formatPricePerHour(offer.pricePerSecondWei, { decimals: 6 }) // '0.5'
 */
export function formatPricePerHour(
  pricePerSecondWei: bigint,
  { decimals = 18 }: { readonly decimals?: number | undefined } = {},
): string {
  if (!Number.isSafeInteger(decimals) || decimals < 0 || decimals > 18) {
    throw new ComputeError({
      problem: `decimals is ${decimals}.`,
      remedy: 'Ask for a whole number of decimals from 0 to 18.',
    })
  }
  const step = 10n ** BigInt(18 - decimals)
  return formatEther(((pricePerSecondWei * secondsPerHour + step / 2n) / step) * step)
}
