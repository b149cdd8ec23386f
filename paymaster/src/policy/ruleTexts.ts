// What a rule says where it refuses nothing, by a code and values: the sentence is made when somebody reads it, in the
// reader's language. What it says where it refuses is the refusal's own message.

/** Values stand in braces; those that end in `Wei` are of the coin. Decisions that were kept name these codes for good. */
export const ruleTexts = {
  notAsked: 'not asked',
  policyChosen: '"{policy}"',
  policyVersion: '"{policy}", version {version}',
  gasWithinBounds: 'gas limits and fees are within bounds',
  gasNotEstimated: 'not estimated yet',
  timeAlways: 'always',
  timeUntil: 'until {until}',
  timeAlwaysOpen: 'always open',
  timeOpenUntil: 'open until {until}',
  apiKeyNotNeeded: 'needs no key',
  apiKeyAllowed: 'the key {apiKeyId} may use it',
  senderNotBlocked: 'everyone who is not blocked',
  senderListed: 'is on the list',
  factoryNone: 'deploys no account',
  factoryAllowed: '{factory} may deploy accounts',
  callsListed: '{count} calls, all of them listed',
  valueAny: 'any amount of its own coin',
  valueWithin: 'sends {valueWei} of at most {limitWei} wei',
  costUnknown: 'not known before its gas is estimated',
  costWithin: 'may cost {maxCostWei} of at most {limitWei} wei',
  argumentsFree: 'no conditions',
  argumentsUnasked: 'no call with conditions',
  argumentsMet: '{count} calls meet their conditions',
  accountAnyKind: 'any kind of account',
  accountNotDeployed: 'not deployed yet: its factory says what it will be',
  accountKind: '{kind}',
  accountCode: 'code {codeHash}',
  providersAny: 'any provider',
  providersNone: 'deals with no provider',
  providersAllowed: '{count} calls with providers, all allowed',
  spendAny: 'may spend any amount of the token',
  spendWithin: 'may spend {amount}',
  bansNone: 'nobody has to wait',
  bansRemembered: '{count} failures or losses are remembered',
  executionPlayed: 'would succeed when it was played',
  executionNewest: 'would succeed on the newest block',
  executionRefusedBefore: 'not played: a rule refuses it before',
  executionNotEstimated: 'not played before its gas is estimated',
  webhookSays: '{answer}',
  webhookNotAsked: 'not asked in a dry run',
  canPay: 'can pay',
  budgetsDeposit: 'the deposit holds it',
  budgetsRoom: 'there is room in {budgets}',
  budgetsRoomEnough: 'there is room for it',
  budgetsNotEstimated: 'not asked before its gas is estimated',
  budgetsLanded: 'an operation with its nonce has landed, and is booked',
} as const satisfies Readonly<Record<string, string>>

export type RuleTextCode = keyof typeof ruleTexts
export type RuleValues = Readonly<Record<string, string>>

export function ruleText(code: RuleTextCode, values: RuleValues = {}): string {
  return ruleTexts[code].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}

export function isRuleTextCode(code: string | undefined): code is RuleTextCode {
  return code !== undefined && Object.hasOwn(ruleTexts, code)
}
