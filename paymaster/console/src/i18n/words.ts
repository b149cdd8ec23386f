// A page's words in both languages, side by side: a key that one of them lacks is a type error, and words travel with
// the page that says them.
import { useLanguage } from './language.ts'

type Sentence = string | ((...values: never[]) => string)
export type Words = { readonly [key: string]: Sentence | Words }

/** The same keys; what takes values takes the same. */
type Same<Of> = {
  readonly [Key in keyof Of]: Of[Key] extends string
    ? string
    : Of[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Same<Of[Key]>
}

export type Dictionary<English> = { readonly en: Same<English>; readonly ko: Same<English> }

export function dictionary<const English extends Words>(en: English, ko: Same<English>): Dictionary<English> {
  return { en: en as unknown as Same<English>, ko }
}

export function useWords<English>(words: Dictionary<English>): Same<English> {
  return words[useLanguage()]
}
