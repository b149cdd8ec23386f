// Amounts and durations as a person likes to read them; the exact ones are in the JSON.
import { formatEther } from 'viem'

const coinDecimals = 18
const shownDecimals = 6

/** `0.001235 WLC`: rounded to six decimals, to more only where all six would be zero. */
export function coins(wei: bigint): string {
  const [whole = '', fraction = ''] = formatEther(wei).split('.')
  const firstDigit = fraction.search(/[1-9]/)
  const isTiny = /^-?0$/.test(whole) && firstDigit >= shownDecimals
  const decimals = isTiny ? Math.min(firstDigit + 2, coinDecimals) : shownDecimals
  const unit = 10n ** BigInt(coinDecimals - decimals)
  const half = wei < 0n ? -unit / 2n : unit / 2n
  return `${formatEther(((wei + half) / unit) * unit)} WLC`
}

/** `85 ms`, `3.2 s`, `2 min 5 s`, `10 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const rest = whole % 60 === 0 ? '' : ` ${whole % 60} s`
  return `${Math.floor(whole / 60)} min${rest}`
}

/** Rows as columns of equal width, the last column unpadded. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  )
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  )
}
