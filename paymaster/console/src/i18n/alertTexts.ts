// What an alert says, in the languages that the service does not speak itself: by its kind, its figure, and what it is about.
import { coinSymbol } from '../format/coinSymbol.ts'
import { exactUnits } from '../format/wei.ts'
import type { Language } from './language.ts'
import { fill, type ServiceTexts, serviceTextsIn } from './serviceTexts.ts'

export type ToldAlert = {
  readonly kind: string
  readonly subject: string | null
  readonly value: string
  /** As the service says it. */
  readonly title: string
}
type Told = { readonly title: string; readonly text: string }

/** Undefined where the service's own words are the reader's, or know a kind that is newer than this console. */
export function alertTextIn(language: Language, { kind, subject, value }: ToldAlert): Told | undefined {
  const known = textsOf(language, kind)
  if (known === undefined) return undefined
  const title = fill(known.title, {
    ...{ value, valueWei: value },
    exact: exactOf(subject, value),
    subject: subject === null ? '' : ` (${subject})`,
    policy: subject === null ? '' : ` (${subject.split('/')[0]})`,
  })
  return { title, text: known.text }
}

/** Of another token in its smallest units: how many decimals it has is not told here. */
function exactOf(subject: string | null, value: string): string {
  if (subject !== null) return `${value} (${subject})`
  return /^\d+$/.test(value) ? `${exactUnits(value)} ${coinSymbol}` : value
}

/** What a threshold is held against; undefined as above. */
export function measureIn(language: Language, kind: string): string | undefined {
  return textsOf(language, kind)?.measure
}

function textsOf(language: Language, kind: string) {
  const alerts: Readonly<Record<string, ServiceTexts['alerts'][keyof ServiceTexts['alerts']]>> | undefined =
    serviceTextsIn(language)?.alerts
  return alerts !== undefined && Object.hasOwn(alerts, kind) ? alerts[kind] : undefined
}
