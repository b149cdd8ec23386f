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

export function transactionIn(
  language: Language,
  says: { readonly code: string; readonly values: TextValues },
): string | undefined {
  const text = textOf(serviceTextsIn(language)?.transactions, says.code)
  return text && fill(text, says.values)
}
