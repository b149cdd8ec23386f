// Why the paymaster says no, what its rules say, and why the admin API does: in the languages that they do not speak. What
// they say themselves names the figures as well, and so stands beside a refusal.
import type { Language } from './language.ts'
import { fill, serviceTextsIn, type TextValues, textOf } from './serviceTexts.ts'

/** Undefined where the service's own words are the reader's, or know a reason that is newer than this console. */
export function refusalIn(language: Language, reason: string | null): string | undefined {
  return textOf(serviceTextsIn(language)?.refusals, reason)
}

/** Of an operation that is signed for. */
export function grantIn(language: Language, policyId: string | null): string | undefined {
  const granted = serviceTextsIn(language)?.granted
  return granted && (policyId === null ? granted.paid : fill(granted.sponsored, { policy: policyId }))
}

/** Of a rule that refuses nothing. */
export function ruleIn(language: Language, code: string | null, values: TextValues): string | undefined {
  const text = textOf(serviceTextsIn(language)?.rules, code)
  return text && fill(text, values)
}

export function adminErrorIn(language: Language, code: string): string | undefined {
  return textOf(serviceTextsIn(language)?.adminErrors, code)
}

/** What is wrong with a field, without its name. */
export function fieldProblemIn(
  language: Language,
  problem: { readonly code: string; readonly values: TextValues } | undefined,
): string | undefined {
  if (problem === undefined) return undefined
  const text = textOf(serviceTextsIn(language)?.fieldProblems, problem.code)
  return text && fill(text, problem.values)
}

/** Why a token has no price. */
export function priceProblemIn(
  language: Language,
  says: { readonly code: string; readonly values: TextValues } | null,
): string | undefined {
  const text = textOf(serviceTextsIn(language)?.priceProblems, says?.code ?? null)
  return text && fill(text, says?.values ?? {})
}

export function priceRemedyIn(language: Language, code: string): string | undefined {
  return textOf(serviceTextsIn(language)?.priceRemedies, code)
}

/** Of an item of a reconciliation; its figures stand beside. */
export function driftIn(language: Language, kind: string): string | undefined {
  return textOf(serviceTextsIn(language)?.drifts, kind)
}

/** Why an operation's calls reverted: by the contract's error, which is named where nothing is known of it. */
export function revertIn(language: Language, error: string | null): string | undefined {
  const texts = serviceTextsIn(language)?.reverts
  if (texts === undefined || error === null) return undefined
  return textOf(texts, error) ?? fill(texts.other, { error })
}

export function settingIn(language: Language, name: string): string | undefined {
  return textOf(serviceTextsIn(language)?.settings, name)
}

/** Of a field of a policy's definition, by its path; limits of all scopes are of one kind. */
export function policyFieldIn(language: Language, path: string): string | undefined {
  const kind = path.replace(/^limits\.(?:perSender|perApiKey|global)\./, 'limits.each.')
  return textOf(serviceTextsIn(language)?.policyFields, kind)
}

export function runwayIn(
  language: Language,
  runway: { readonly burnedInLastDayWei: string; readonly measuredHours: number },
): string | undefined {
  const texts = serviceTextsIn(language)?.runway
  const text = runway.burnedInLastDayWei === '0' ? texts?.nothing : texts?.spent
  return text && fill(text, { hours: String(runway.measuredHours) })
}

export function bundlerHintIn(language: Language, connection: string): string | undefined {
  return textOf(serviceTextsIn(language)?.bundlerHints, connection)
}

export function settingGroupIn(language: Language, group: string): string | undefined {
  return textOf(serviceTextsIn(language)?.settingGroups, group)
}

export function transactionIn(
  language: Language,
  says: { readonly code: string; readonly values: TextValues },
): string | undefined {
  const text = textOf(serviceTextsIn(language)?.transactions, says.code)
  return text && fill(text, says.values)
}
