// What a well-formed policy cannot mean: each is told by its field, with what to do, before anything is signed by it.
import {
  type FieldProblem,
  type FieldProblemCode,
  fieldProblem,
  type ProblemValues,
} from '../problems/fieldProblems.ts'
import { type BudgetLimits, limitsOf, type Policy, type ScopedLimits } from './sponsorshipPolicy.ts'

export type Nonsense = FieldProblem & { readonly field: string }

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
    yield at('endsAt', 'neverInForce')
  } else if (endsAt <= endedBefore) {
    yield at('endsAt', 'isOver')
  }
}

function* ofCalls({ functions, conditions, factories, market }: Policy): Iterable<Nonsense> {
  if (functions.size === 0 && factories !== 'any' && factories.size === 0) {
    yield at('contracts', 'sponsorsNothing')
  }
  const ofContracts = [...(conditions?.values() ?? [])].flatMap(bySelector => [...bySelector.values()].flat())
  const asksForProvider = ofContracts.some(({ arguments: all }) =>
    all.some(({ tests }) => tests.some(({ kind }) => kind === 'registeredProvider')),
  )
  if (asksForProvider && market === undefined) {
    yield at('market', 'marketMissing')
  }
}

function* ofAccounts({ accountKinds, factories }: Policy): Iterable<Nonsense> {
  if (accountKinds === undefined || factories !== 'any') return
  yield at('factories', 'anyKindDeployed')
}

function* ofSenders({ allowedSenders, blockedSenders }: Policy): Iterable<Nonsense> {
  if (allowedSenders?.size === 0) {
    yield at('senders.allow', 'nobodyAllowed')
  }
  for (const address of allowedSenders ?? []) {
    if (!blockedSenders.has(address)) continue
    yield at('senders', 'allowedAndBlocked', { address })
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
    yield at('limits.global.costWei', 'budgetMissing')
  }
  for (const limits of all) {
    yield* ofLimit(limits, policy)
    const same = all.filter(({ scope, window }) => scope === limits.scope && window === limits.window)
    if (same.length > 1 && same[0] === limits) {
      yield at(scopeFields[limits.scope], 'windowTwice', { window: limits.window })
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
    yield at(field, 'limitsNothing')
  }
  yield* ofAmount(`${field}.costWei`, costWei)
  yield* ofAmount(`${field}.tokenWei`, tokenWei)
  if (above(costPerOperationWei, costWei)) {
    yield at('limits.costPerOperationWei', 'aboveBudget', {
      other: `${field}.costWei`,
      amount: String(costWei),
    })
  }
  if (tokenPerOperationWei !== undefined && above(tokenPerOperationWei, tokenWei)) {
    yield at('limits.tokenPerOperationWei', 'aboveBudget', {
      other: `${field}.tokenWei`,
      amount: String(tokenWei),
    })
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
    yield at('bans', 'noHarm')
  }
}

function* ofAmount(field: string, wei: bigint | undefined): Iterable<Nonsense> {
  if (wei === 0n) yield at(field, 'sponsorsNever')
  if (wei !== undefined && wei > mostWei) {
    yield at(field, 'moreThanThereIs', { amount: String(wei) })
  }
}

function* ofShare(
  unit: Exclude<keyof BudgetLimits, 'window'>,
  share: ScopedLimits,
  whole: ScopedLimits,
): Iterable<Nonsense> {
  const [part, all] = [share[unit], whole[unit]]
  if (part === undefined || all === undefined || part <= all) return
  const other = `limits.global.${unit}`
  yield at(`${scopeFields[share.scope]}.${unit}`, 'aboveWhole', { other, amount: String(all) })
}

function above(wei: bigint, limitWei: bigint | undefined): boolean {
  return limitWei !== undefined && wei > limitWei
}

function at(field: string, code: FieldProblemCode, values: ProblemValues = {}): Nonsense {
  return { field, ...fieldProblem(code, values) }
}
