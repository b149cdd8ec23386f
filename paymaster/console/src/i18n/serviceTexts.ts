// What the service says, in the languages that it does not speak itself: by codes and values, never by its sentences. Loaded
// as data when a reader of such a language comes: nobody else pays for it.
import type { AdminErrorText, FieldProblemCode } from '../../../src/admin/adminError.ts'
import type { AlertKind } from '../../../src/admin/alerts/schema.ts'
import type { BundlerView, RefusalReason, RuleCode } from '../../../src/admin/operations/schema.ts'
import type { DriftKind } from '../../../src/admin/reconciliation/schema.ts'
import type { PriceProblem, PriceProblemCode } from '../../../src/admin/tokens/schema.ts'
import type { TransactionCode } from '../../../src/admin/treasury/schema.ts'
import { coinSymbol } from '../format/coinSymbol.ts'
import { shortUnits } from '../format/wei.ts'
import koreanUrl from './korean.json?url'
import type { Language } from './language.ts'

type Texts<Code extends string> = Readonly<Record<Code, string>>

export type ServiceTexts = {
  readonly refusals: Texts<RefusalReason>
  readonly granted: Texts<'sponsored' | 'paid'>
  readonly rules: Texts<RuleCode>
  readonly adminErrors: Texts<AdminErrorText['code']>
  readonly fieldProblems: Texts<FieldProblemCode>
  readonly priceProblems: Texts<PriceProblemCode>
  readonly priceRemedies: Texts<PriceProblem['code']>
  readonly transactions: Texts<TransactionCode>
  readonly drifts: Texts<DriftKind>
  /** By the setting's name, and by the group's. */
  readonly settings: Texts<string>
  readonly settingGroups: Texts<string>
  readonly runway: Texts<'spent' | 'nothing'>
  /** What to do about a bundler that says nothing of an operation. */
  readonly bundlerHints: Texts<BundlerView['connection']>
  /** By the field's path in a policy's definition. */
  readonly policyFields: Texts<string>
  /** By the contract's error; `other` for all that are not among them. */
  readonly reverts: Texts<'none' | 'unknown' | 'other'> & Texts<string>
  readonly alerts: Readonly<Record<AlertKind, Texts<'title' | 'text' | 'measure'>>>
}

export type TextValues = Readonly<Record<string, string>>

let korean: ServiceTexts | undefined

/** Resolves also where they cannot be had: the service's own words are better than none. */
export async function loadServiceTexts(language: Language, read = fetchKorean): Promise<void> {
  if (language !== 'ko') return
  korean ??= await read().catch(() => undefined)
}

/** Undefined where the service's own words are the reader's. */
export function serviceTextsIn(language: Language): ServiceTexts | undefined {
  return language === 'ko' ? korean : undefined
}

/** Undefined for a code that is newer than this console. */
export function textOf(texts: Texts<string> | undefined, code: string | null): string | undefined {
  return texts !== undefined && code !== null && Object.hasOwn(texts, code) ? texts[code] : undefined
}

/** What ends in `Wei` is of the coin. */
export function fill(template: string, values: TextValues): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ''
    return name.endsWith('Wei') && /^-?\d+$/.test(value) ? `${shortUnits(value)} ${coinSymbol}` : value
  })
}

async function fetchKorean(): Promise<ServiceTexts> {
  const response = await fetch(koreanUrl)
  if (!response.ok) throw new Error(`The Korean texts were answered ${response.status}`)
  return (await response.json()) as ServiceTexts
}
