// Times as people say them: how long ago where they look, the exact second where they ask.
import type { Language } from '../i18n/language.ts'

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

export function relativeTime(atSeconds: number, nowSeconds: number, language: Language): string {
  const away = atSeconds - nowSeconds
  const [unit, length] = steps.find(([, seconds]) => Math.abs(away) >= seconds) ?? ['second', 1]
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  return format.format(Math.trunc(away / length), unit)
}

export function exactTime(atSeconds: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }).format(
    atSeconds * 1000,
  )
}

/** The largest two units at most: `2 hr, 5 min`. */
export function duration(seconds: number, language: Language): string {
  const parts: string[] = []
  let left = Math.max(0, Math.round(seconds))
  for (const [unit, length] of steps) {
    const count = Math.floor(left / length)
    if (count === 0) continue
    left -= count * length
    parts.push(new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count))
    if (parts.length === 2) break
  }
  return (
    parts.join(', ') ||
    new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'short' }).format(0)
  )
}
