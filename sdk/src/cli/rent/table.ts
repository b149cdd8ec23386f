// Lays rows out in columns for a terminal; what strangers wrote is made harmless first.
import { formatEther } from 'viem'
import { harmless } from '../../placement/printable.ts'

/** Figures stand right, words left. */
export type Column = { readonly title: string; readonly align?: 'left' | 'right' | undefined }

export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map(row => row.map(harmless))]
  const widths = columns.map((_, place) => Math.max(...cells.map(row => [...(row[place] ?? '')].length)))
  const lines = cells.map(row =>
    columns
      .map(({ align }, place) => {
        const cell = row[place] ?? ''
        const space = ' '.repeat((widths[place] ?? 0) - [...cell].length)
        return align === 'right' ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

const shownStepWei = 10n ** 12n

/** To six decimals, half up: an hour's price that seconds do not divide reads as it was written. */
export function tokensOf(wei: bigint): string {
  const steps =
    wei < 0n ? -((shownStepWei / 2n - wei) / shownStepWei) : (wei + shownStepWei / 2n) / shownStepWei
  return formatEther(steps * shownStepWei)
}
