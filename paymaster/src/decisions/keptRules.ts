// Rules as they are kept with a decision. What refused nothing is kept by its code, and its sentence made when it is read:
// of a million decisions the sentences would be most of the data file.
import type { RuleOutcome } from '../policy/ruleOutcome.ts'
import { isRuleTextCode, ruleText } from '../policy/ruleTexts.ts'

type KeptRule = Omit<RuleOutcome, 'detail'> & {
  /** Absent where the code says it; there was no code before. */
  readonly detail?: string
}

const mostRules = 32
const mostLength = 400

export function keepRules(rules: readonly RuleOutcome[]): string {
  return JSON.stringify(rules.slice(0, mostRules).map(toKept))
}

export function readRules(kept: string): readonly RuleOutcome[] {
  return (JSON.parse(kept) as readonly KeptRule[]).map(({ detail, ...rule }) => ({
    ...rule,
    detail: detail ?? (isRuleTextCode(rule.code) ? ruleText(rule.code, rule.values) : ''),
  }))
}

function toKept({ rule, passed, detail, code, values = {} }: RuleOutcome): KeptRule {
  const coded = code === undefined ? {} : { code }
  if (!isRuleTextCode(code)) return { rule, passed, detail: shortened(detail, mostLength), ...coded }
  const entries = Object.entries(values).map(([name, value]) => [name, shortened(value, mostLength)])
  return { rule, passed, ...coded, ...(entries.length > 0 && { values: Object.fromEntries(entries) }) }
}

export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
