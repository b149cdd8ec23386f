// What one rule said of an operation, for whoever asks why: the decision is the ordered list of them, ending at the first
// refusal. Kept with each decision and shown in the console, so its words are for people, and its names stay.
import type { Refusal } from '@worldland-aa/service/result'
import { type RuleTextCode, type RuleValues, ruleText } from './ruleTexts.ts'

/** In the order in which they are asked. */
export const ruleNames = [
  /** That a policy serves it at all. */
  'policy',
  /** The operation's own gas fields and fees, whoever pays. */
  'gas',
  'time',
  'apiKey',
  'sender',
  'factory',
  'calls',
  'value',
  'cost',
  'arguments',
  'accountKind',
  'providers',
  'spend',
  'bans',
  /** Played before it is signed for. */
  'execution',
  /** Asked of the operator's own service. */
  'webhook',
  /** Whether the sender can pay, where the sender does. */
  'token',
  'tank',
  /** What is left of the budgets and the deposit: the ledger says. */
  'budgets',
] as const
export type RuleName = (typeof ruleNames)[number]

export type RuleOutcome = {
  readonly rule: RuleName
  /** Null where an earlier rule refused before this one was asked. */
  readonly passed: boolean | null
  /** For people: what was looked at, or what is wrong and how to mend it. */
  readonly detail: string
  /** For programs and other languages: a `RuleTextCode`, or the reason of a refusal; absent where it has none. */
  readonly code?: string
  readonly values?: RuleValues
}

/** Of what refuses nothing. */
export function outcomeBy(
  rule: RuleName,
  passed: true | null,
  code: RuleTextCode,
  values: RuleValues = {},
): RuleOutcome {
  return { rule, passed, detail: ruleText(code, values), code, values }
}

export function refusedBy(rule: RuleName, { message, data }: Refusal): RuleOutcome {
  const { reason } = (data ?? {}) as { reason?: unknown }
  return { rule, passed: false, detail: message, ...(typeof reason === 'string' && { code: reason }) }
}
