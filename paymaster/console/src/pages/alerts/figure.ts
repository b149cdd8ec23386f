// A threshold's figure as people read it.
import { coinSymbol } from '../../format/coinSymbol.ts'
import { count, percent } from '../../format/number.ts'
import { parseUnits } from '../../format/parseUnits.ts'
import { duration } from '../../format/time.ts'
import { exactUnits, shortUnits } from '../../format/wei.ts'
import type { Language } from '../../i18n/language.ts'

export function figureText(figure: string, unit: string, language: Language): string {
  if (unit === 'wei') return weiText(BigInt(figure.split('.')[0] ?? '0'), language)
  const value = Number(figure)
  if (unit === 'percent') return percent(value, language)
  if (unit === 'seconds') return duration(value, language)
  if (unit === 'days') {
    return new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(value)
  }
  return count(value, language)
}

/** So little that nobody counts it in coin, such as the one wei of a drift. */
const fewWei = 1_000_000n

function weiText(wei: bigint, language: Language): string {
  return wei > 0n && wei < fewWei ? `${count(Number(wei), language)} wei` : `${shortUnits(wei)} ${coinSymbol}`
}

/** Wei are typed as coin: `0.5`. */
export function typedFigure(figure: string, unit: string): string {
  return unit === 'wei' ? exactUnits(figure).replaceAll(',', '') : figure
}

/** Undefined where it is no figure. */
export function sentFigure(typed: string, unit: string): string | undefined {
  const text = typed.trim().replaceAll(',', '')
  if (!/^\d{1,60}(\.\d+)?$/.test(text)) return undefined
  return unit === 'wei' ? parseUnits(text)?.toString() : text
}
