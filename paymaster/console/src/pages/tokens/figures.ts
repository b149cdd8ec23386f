// Prices and shares as people read and type them. Hundredths of a percent on the wire, percent on the page.
import type { Language } from '../../i18n/language.ts'

/** Six significant digits: a token may be worth a millionth of a coin. */
export function priceText(tokensPerNative: string | number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 6 }).format(Number(tokensPerNative))
}

export function basisPointsText(basisPoints: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(
    basisPoints / 10_000,
  )
}

export function percentOfBasisPoints(basisPoints: number): number {
  return basisPoints / 100
}

export function basisPointsOfPercent(typed: number | string): number {
  return Math.round(Number(typed) * 100)
}

/** `rate` are units of the token for 1e18 wei: as a decimal number of tokens. */
export function tokensOfRate(rate: string, decimals: number): number {
  return Number(rate) / 10 ** decimals
}
