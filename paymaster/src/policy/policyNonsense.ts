// What a well-formed policy cannot mean: each is told by its field, with what to do, before anything is signed by it.
import { type BudgetLimits, limitsOf, type Policy, type ScopedLimits } from './sponsorshipPolicy.ts'

export type Nonsense = { readonly field: string; readonly problem: string }

/** More than the deposit of any paymaster can ever be: a budget above it is a slip of the keyboard. */
const mostWei = 2n ** 112n

export function findNonsense(policy: Policy, { endedBefore }: { endedBefore?: number } = {}): Nonsense[] {
  return [
    ...ofTime(policy, endedBefore),
    ...ofCalls(policy),
    ...ofAccounts(policy),
    ...ofSenders(policy),
    ...ofLimits(policy),
    ...ofMarket(policy),
    ...ofBans(policy),
  ]
}

function* ofTime({ startsAt, endsAt }: Policy, endedBefore = 0): Iterable<Nonsense> {
  if (endsAt === undefined) return
  if (startsAt !== undefined && endsAt <= startsAt) {
    yield {
      field: 'endsAt',
      problem: 'is not after startsAt, so the policy is never in force: change one of them',
    }
  } else if (endsAt <= endedBefore) {
    yield { field: 'endsAt', problem: 'is in the past: take the policy out, or let it end later' }
  }
}

function* ofCalls({ functions, conditions, factories, market }: Policy): Iterable<Nonsense> {
  if (functions.size === 0 && factories !== 'any' && factories.size === 0) {
    yield {
      field: 'contracts',
      problem:
        'names no call, and factories no deployment, so the policy sponsors nothing: name what it is for',
    }
  }
  const ofContracts = [...(conditions?.values() ?? [])].flatMap(bySelector => [...bySelector.values()].flat())
  const asksForProvider = ofContracts.some(({ arguments: all }) =>
    all.some(({ tests }) => tests.some(({ kind }) => kind === 'registeredProvider')),
  )
  if (asksForProvider && market === undefined) {
    yield {
      field: 'market',
      problem:
        'is left out, and an argument is to be a registered provider: name the market contract that knows them',
    }
  }
}

function* ofAccounts({ accountKinds, factories }: Policy): Iterable<Nonsense> {
  if (accountKinds === undefined || factories !== 'any') return
  yield {
    field: 'factories',
    problem:
      'is "any" beside accountKinds, and so lets any kind be deployed: name the factories of these kinds',
  }
}

function* ofSenders({ allowedSenders, blockedSenders }: Policy): Iterable<Nonsense> {
  if (allowedSenders?.size === 0) {
    yield { field: 'senders.allow', problem: 'is empty, so nobody is sponsored: leave it out for everyone' }
  }
  for (const address of allowedSenders ?? []) {
    if (!blockedSenders.has(address)) continue
    yield { field: 'senders', problem: `allows and blocks ${address}: take it out of one of the lists` }
  }
}

const scopeFields = {
  global: 'limits.global',
  sender: 'limits.perSender',
  apiKey: 'limits.perApiKey',
} as const

function* ofLimits(policy: Policy): Iterable<Nonsense> {
  const { costPerOperationWei, tokenPerOperationWei } = policy
  const all = limitsOf(policy)
  yield* ofAmount('limits.costPerOperationWei', costPerOperationWei)
  yield* ofAmount('limits.tokenPerOperationWei', tokenPerOperationWei)
  if (!all.some(({ scope, costWei }) => scope === 'global' && costWei !== undefined)) {
    yield { field: 'limits.global.costWei', problem: 'is missing: say how much all together may cost' }
  }
  for (const limits of all) {
    yield* ofLimit(limits, policy)
    const same = all.filter(({ scope, window }) => scope === limits.scope && window === limits.window)
    if (same.length > 1 && same[0] === limits) {
      yield {
        field: scopeFields[limits.scope],
        problem: `has two limits for the window "${limits.window}": join them, or change one window`,
      }
    }
  }
  // What one may spend in a day may well be more than nothing of what all may spend for ever, but not the reverse.
  for (const share of all.filter(({ scope }) => scope !== 'global')) {
    const whole = all.find(({ scope, window }) => scope === 'global' && window === share.window)
    if (whole === undefined) continue
    for (const unit of ['costWei', 'tokenWei', 'operations'] as const) yield* ofShare(unit, share, whole)
  }
}

function* ofLimit(limits: ScopedLimits, policy: Policy): Iterable<Nonsense> {
  const { scope, costWei, tokenWei, operations } = limits
  const { costPerOperationWei, tokenPerOperationWei } = policy
  const field = scopeFields[scope]
  if (costWei === undefined && tokenWei === undefined && operations === undefined) {
    yield { field, problem: 'limits nothing: give costWei or operations, or leave it out' }
  }
  yield* ofAmount(`${field}.costWei`, costWei)
  yield* ofAmount(`${field}.tokenWei`, tokenWei)
  if (above(costPerOperationWei, costWei)) {
    const remedy = scope === 'global' ? 'raise the budget' : 'raise the share'
    yield {
      field: 'limits.costPerOperationWei',
      problem: `is above ${field}.costWei (${costWei}): lower it, or ${remedy}`,
    }
  }
  if (tokenPerOperationWei !== undefined && above(tokenPerOperationWei, tokenWei)) {
    yield {
      field: 'limits.tokenPerOperationWei',
      problem: `is above ${field}.tokenWei (${tokenWei}): lower it, or raise that`,
    }
  }
}

function* ofMarket({ market }: Policy): Iterable<Nonsense> {
  if (market === undefined) return
  yield* ofAmount('market.pricePerSecondAtMostWei', market.mostPricePerSecondWei)
}

function* ofBans({ bans }: Policy): Iterable<Nonsense> {
  if (bans === undefined) return
  yield* ofAmount('bans.afterLossWei', bans.afterLossWei)
  if (bans.afterFailures === undefined && bans.afterLossWei === undefined) {
    yield { field: 'bans', problem: 'names no harm: give afterFailures or afterLossWei, or leave it out' }
  }
}

function* ofAmount(field: string, wei: bigint | undefined): Iterable<Nonsense> {
  if (wei === 0n) yield { field, problem: 'is 0, so nothing is ever sponsored: give an amount' }
  if (wei !== undefined && wei > mostWei) {
    yield { field, problem: `is ${wei}, more wei than any deposit can hold: count the digits` }
  }
}

function* ofShare(
  unit: Exclude<keyof BudgetLimits, 'window'>,
  share: ScopedLimits,
  whole: ScopedLimits,
): Iterable<Nonsense> {
  const [part, all] = [share[unit], whole[unit]]
  if (part === undefined || all === undefined || part <= all) return
  yield {
    field: `${scopeFields[share.scope]}.${unit}`,
    problem: `is above limits.global.${unit} (${all}): lower it, or raise what all have together`,
  }
}

function above(wei: bigint, limitWei: bigint | undefined): boolean {
  return limitWei !== undefined && wei > limitWei
}
