// Which rule a refusal comes from, where nobody told the rules one by one: the explorer always names one.
import type { DenialReason } from '../denial.ts'
import type { RuleName, RuleOutcome } from '../policy/ruleOutcome.ts'

const rules: Partial<Record<DenialReason, RuleName>> = {
  tokenBalanceTooLow: 'token',
  tokenNotApproved: 'token',
  debtTooHigh: 'token',
  tokenNotAccepted: 'token',
  priceUnavailable: 'token',
  priceStale: 'token',
  priceDeviates: 'token',
  tankTooLow: 'tank',
  policyNotOfKey: 'apiKey',
  noPolicy: 'policy',
  unknownPolicy: 'policy',
  policyChanged: 'policy',
  policyNotInForce: 'time',
  senderNotAllowed: 'sender',
  blocked: 'sender',
  noAccount: 'sender',
  nonceUsed: 'sender',
  nonceTooFar: 'sender',
  factoryNotAllowed: 'factory',
  unknownCallEncoding: 'calls',
  callNotAllowed: 'calls',
  argumentNotAllowed: 'arguments',
  valueTooHigh: 'value',
  apiKeyNotAllowed: 'apiKey',
  accountKindNotAllowed: 'accountKind',
  providerNotAllowed: 'providers',
  spendTooHigh: 'spend',
  senderBanned: 'bans',
  webhookRefused: 'webhook',
  gasLimitTooHigh: 'gas',
  feeTooHigh: 'gas',
  feeTooLow: 'gas',
  costTooHigh: 'cost',
  budgetUsedUp: 'budgets',
  depositUsedUp: 'budgets',
  executionWouldFail: 'execution',
}

/** `service` is no rule: the house was closed, or the sender could not pay. */
export function ruleOfReason(reason: string, message: string): RuleOutcome {
  const ofKey = reason.startsWith('apiKey.') ? 'apiKey' : undefined
  const rule = ofKey ?? rules[reason as DenialReason] ?? ('service' as RuleName)
  return { rule, passed: false, detail: message, code: reason }
}
