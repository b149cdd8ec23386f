// What can be wrong with a field that somebody filled in: each by its code, with the words that mend it. The codes are what
// other languages say it by, so nothing else may be said of a field.
export const fieldProblems = {
  // Of any field.
  unknownField: 'has no field {names}: mend its name, or take it out',
  notText: 'must be text',
  notTrueOrFalse: 'must be true or false',
  notNumber: 'must be a number',
  notWhole: 'must be a whole number',
  notSeconds: 'must be a whole number of seconds',
  notEpochSeconds: 'must be seconds since the epoch',
  notDigits: 'must be a whole number in decimal digits',
  notFigure: 'must be a decimal number such as 7 or 0.5',
  notFigureText: 'must be a decimal number as text',
  notObject: 'must be an object',
  notList: 'must be a list',
  notAmong: 'must be one of {choices}',
  malformed: 'has another form than the API describes',
  tooLow: 'must be at least {least}',
  tooHigh: 'must be at most {most}',
  negative: 'must not be negative',
  tooShort: 'must have at least {least} characters',
  tooLong: 'must have at most {most} characters',
  tooFew: 'must have at least {least} entries',
  tooMany: 'must have at most {most} entries',
  empty: 'must not be empty',
  longerThanBytes: 'is longer than {most} bytes',
  inThePast: 'lies in the past: give a time to come, or null for no end',
  // Of the chain.
  notAddress: 'must be an address: 0x and 40 hex digits',
  wrongChecksum: 'has a wrong checksum: copy it anew, or write it in lower case',
  zeroAddress: 'is the zero address: give a real one',
  notHash: 'must be a hash: 0x and 64 hex digits',
  notLowerHash: 'must be a hash: 0x and 64 hex digits, lower case',
  notSignature: 'must be a signature: 0x and hex digits',
  notSearch: 'must be 0x and at least 4 hex digits, or a decimal nonce',
  notWei: 'must be wei as a decimal number',
  notAmount: 'must be an amount such as 1000000000, 1gwei or 0.5ether',
  notRequestId: 'must be 8 to 64 letters, digits or dashes, such as a UUID',
  // Of money.
  nobodysAddress: 'is the zero address, whose key nobody has: name who is to receive it',
  moreThanExists: 'is more than there is: give the amount in wei',
  nothingMoved: 'moves nothing: give an amount above zero',
  noRegistry: 'is missing, and a tip needs to know whose turn it is: name the BundlerRegistry',
  delayShorter: 'is shorter than now, which the EntryPoint does not do: give {least} seconds or more',
  // Of API keys, webhooks and alerts.
  notOrigin: 'must be an origin such as https://app.example.com: scheme, host and port, no path',
  notNetwork:
    'must be an IPv4 address, or a network such as 203.0.113.0/24 or 2001:db8::/48; of IPv6 a /64 or wider',
  notMethod: 'must be the name of a JSON-RPC method',
  emptyLimit: 'is empty: give at least one, or null for no limit',
  roleOfAdminKey: 'must be given for a key of use admin, and only for one',
  limitsOfRpcKey: 'methods and policies are of keys of use rpc: the role bounds a key of use admin',
  noEvents: 'is empty: name at least one event',
  eventTwice: 'names an event twice',
  notPublicUrl: 'cannot be posted to: {why}',
  closesBelow: 'must not be below openAt: it opens below {openAt}, and would close before it opens',
  closesAbove: 'must not be above openAt: it opens above {openAt}, and would close before it opens',
  // Of a policy: how it is written.
  notTarget: 'must be an address or "sender"',
  notMoment: 'must be a time such as 2026-01-31T00:00:00Z',
  notTimeOfDay: 'must be a time of the day such as 08:30',
  notDays: 'must be a list of days',
  noDay: 'must name at least one day',
  noHours: 'is empty, so it is never open: leave it out for always',
  notPolicyId: 'must be 1 to 64 lower-case letters, digits, "-" or "_"',
  notDataUri: 'must be a data URI',
  notUrl: 'must be a URL',
  notSecretName: 'must be the name of a secret of --policy-secrets',
  notLimits: 'must be a limit, or a list of limits',
  noLimit: 'must name at least one limit',
  noKeys: 'is empty, so nobody may use it: leave it out for everybody',
  noFunction: 'must name at least one function',
  notFactories: 'must be "any" or a list of addresses',
  noKinds: 'is empty, so no account is sponsored: leave it out for all kinds',
  noMarket: 'must name InstanceLease or ServerlessSession',
  notProviders: 'must be "registered" or a list of addresses',
  notFunction: 'must be a function, or a function with conditions',
  unknownFunction:
    'must be a signature such as "open(uint256,address)", a 4-byte selector, "0x" for plain transfers or "*" for all, but is "{given}"',
  notFunctionSignature: 'must be a signature such as "open(uint256 offerId,address signer)"',
  notValue: 'must be text, a whole number, true or false',
  notBound: 'must be a number such as 5, 0x05 or 0.5ether',
  notArgument: 'must be the name or the place of an argument',
  noneNamed: 'must name at least one',
  notTrue: 'must be true, or left out',
  noSuchArgument: 'is no argument of {function}: it has {known}',
  noPlainValue: 'is a {type}: conditions are on plain values',
  besideEquals: 'stands beside equals: keep one of them',
  noSuchValue: 'holds {given}, which is no {type}',
  forNumbers: 'is for numbers, and {argument} is a {type}',
  forAddresses: 'is for addresses, and {argument} is a {type}',
  noCondition: 'has no condition: give equals, oneOf, atMost, atLeast or registeredProvider',
  // Of a policy: what it cannot mean.
  neverInForce: 'is not after startsAt, so the policy is never in force: change one of them',
  isOver: 'is in the past: take the policy out, or let it end later',
  sponsorsNothing:
    'names no call, and factories no deployment, so the policy sponsors nothing: name what it is for',
  marketMissing:
    'is left out, and an argument is to be a registered provider: name the market contract that knows them',
  anyKindDeployed:
    'is "any" beside accountKinds, and so lets any kind be deployed: name the factories of these kinds',
  nobodyAllowed: 'is empty, so nobody is sponsored: leave it out for everyone',
  allowedAndBlocked: 'allows and blocks {address}: take it out of one of the lists',
  budgetMissing: 'is missing: say how much all together may cost',
  windowTwice: 'has two limits for the window "{window}": join them, or change one window',
  limitsNothing: 'limits nothing: give costWei or operations, or leave it out',
  aboveBudget: 'is above {other} ({amount}): lower it, or raise that',
  aboveWhole: 'is above {other} ({amount}): lower it, or raise what all have together',
  noHarm: 'names no harm: give afterFailures or afterLossWei, or leave it out',
  sponsorsNever: 'is 0, so nothing is ever sponsored: give an amount',
  moreThanThereIs: 'is {amount}, more wei than any deposit can hold: count the digits',
  defaultAlready: 'is what policy "{policy}" is already: take it from that one first',
  tooManyPolicies: 'is new, and there are {most} policies already: archive one',
  keepsItsId: 'must be "{policy}": a policy keeps its id',
  noSuchSecret:
    'is no secret of --policy-secrets (it has {known}): add it to that file and reload, or name another',
} as const

export type FieldProblemCode = keyof typeof fieldProblems
export type ProblemValues = Readonly<Record<string, string>>
export type FieldProblem = {
  readonly code: FieldProblemCode
  readonly values: ProblemValues
  /** In English. */
  readonly problem: string
}

export function fieldProblem(code: FieldProblemCode, values: ProblemValues = {}): FieldProblem {
  const problem = fieldProblems[code].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
  return { code, values, problem }
}
