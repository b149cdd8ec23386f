// Counts and shares in the reader's language.
import type { Language } from '../i18n/language.ts'

export function count(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value)
}

/** `percent` of a hundred, to a tenth. */
export function percent(value: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value / 100)
}
