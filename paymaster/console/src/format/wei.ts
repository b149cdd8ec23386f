// Wei as people read them: few digits where they look, every digit where they ask.

export const coinDecimals = 18

/** The whole value: `1.000000000000000001`. */
export function exactUnits(value: bigint | string, decimals = coinDecimals): string {
  const amount = BigInt(value)
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${sign}${grouped(whole)}${fraction === '' ? '' : `.${fraction}`}`
}

/** Four significant digits, never rounded up: money that is not there is not shown. */
export function shortUnits(value: bigint | string, decimals = coinDecimals): string {
  const exact = exactUnits(value, decimals)
  const [whole = '0', fraction = ''] = exact.split('.')
  const wholeDigits = whole.replace(/[-,]/g, '')
  const firstDigit = wholeDigits === '0' ? fraction.search(/[1-9]/) : 0
  if (fraction === '' || firstDigit === -1) return whole
  const keep = wholeDigits === '0' ? firstDigit + 4 : Math.max(0, 4 - wholeDigits.length)
  // So small that zeros would be counted: by its power of ten.
  if (wholeDigits === '0' && firstDigit >= 6) return scientific(fraction, firstDigit, exact.startsWith('-'))
  const kept = fraction.slice(0, keep).replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}

/** For bars and charts only, where a pixel is coarser than the error. */
export function unitsAsNumber(value: bigint | string, decimals = coinDecimals): number {
  return Number(BigInt(value)) / 10 ** decimals
}

/** The part of a whole in percent, to a tenth; a whole of zero has none. */
export function percentOf(part: bigint | string, whole: bigint | string): number {
  const all = BigInt(whole)
  return all <= 0n ? 0 : Number((BigInt(part) * 1000n) / all) / 10
}

function scientific(fraction: string, firstDigit: number, isNegative: boolean): string {
  const digits = fraction.slice(firstDigit, firstDigit + 3)
  const rest = digits.slice(1).replace(/0+$/, '')
  const sign = isNegative ? '-' : ''
  return `${sign}${digits.slice(0, 1)}${rest === '' ? '' : `.${rest}`}e-${firstDigit + 1}`
}

function grouped(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',')
}
