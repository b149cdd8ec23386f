// From a definition that is well-formed to what the rules work with, made ready once.
import type { Address, Hex } from 'viem'
import { onChainPolicyId } from '../policyId.ts'
import type {
  AllowedFunctions,
  BudgetLimits,
  LimitScope,
  Policy,
  ScopedLimits,
} from '../sponsorshipPolicy.ts'
import { anyFunction } from './allowedFunction.ts'
import type { CallCondition } from './callCondition.ts'
import type { WrittenLimits, WrittenPolicy } from './policySchema.ts'

export function toPolicy(written: WrittenPolicy): Policy {
  const { default: isDefault, senders, limits, hours, market, bans } = written
  const global = toLimits(limits.global)
  const perSender = limits.perSender === undefined ? [] : toLimits(limits.perSender)
  const perApiKey = limits.perApiKey === undefined ? [] : toLimits(limits.perApiKey)
  // The first that bounds what gas may cost is the policy's own budget, as unsent shares are taken of it.
  const main = global.find(({ costWei }) => costWei !== undefined) ?? global[0]
  const furtherLimits: ScopedLimits[] = [
    ...scoped(
      'global',
      global.filter(one => one !== main),
    ),
    ...scoped('sender', perSender.slice(1)),
    ...scoped('apiKey', perApiKey),
  ]
  const conditions = toConditions(written.contracts)
  return {
    id: written.id,
    onChainId: onChainPolicyId(written.id),
    name: written.name,
    ...present({
      author: written.author,
      icon: written.icon,
      description: written.description,
      startsAt: written.startsAt,
      endsAt: written.endsAt,
      mostValueWei: written.valuePerOperationWei,
      tokenPerOperationWei: limits.tokenPerOperationWei,
      apiKeys: written.apiKeys && new Set(written.apiKeys),
      allowedSenders: senders?.allow && new Set(senders.allow),
      accountKinds: written.accountKinds?.map(present),
      conditions: conditions.size === 0 ? undefined : conditions,
      hours: hours?.map(({ days, from, to }) => ({ days: new Set(days), fromSeconds: from, toSeconds: to })),
      market: market && {
        contracts: new Set(market.contracts),
        ...present({
          mostPricePerSecondWei: market.pricePerSecondAtMostWei,
          providers: Array.isArray(market.providers) ? new Set(market.providers) : market.providers,
        }),
      },
      perSender: perSender[0],
      furtherLimits: furtherLimits.length === 0 ? undefined : furtherLimits,
      bans: bans && present(bans),
      webhook: written.webhook,
    }),
    isDefault,
    validitySeconds: written.validitySeconds,
    functions: toFunctions(written.contracts),
    factories: written.factories === 'any' ? 'any' : new Set(written.factories),
    blockedSenders: new Set(senders?.block),
    costPerOperationWei: limits.costPerOperationWei,
    global: main ?? { window: 'day' },
  } as Policy
}

/** Without what is undefined: absent is absent. */
function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function toLimits(written: WrittenLimits): readonly BudgetLimits[] {
  const list = Array.isArray(written) ? written : [written]
  return list.map(limits => present(limits) as BudgetLimits)
}

function scoped(scope: LimitScope, limits: readonly BudgetLimits[]): readonly ScopedLimits[] {
  return limits.map(one => ({ scope, ...one }))
}

function toFunctions(contracts: WrittenPolicy['contracts']): Policy['functions'] {
  const functions = new Map<Address | 'sender', AllowedFunctions>()
  for (const contract of contracts) {
    const known = functions.get(contract.address)
    const named = contract.functions.map(one => (typeof one === 'string' ? one : one.selector))
    functions.set(
      contract.address,
      known === 'any' || named.includes(anyFunction)
        ? 'any'
        : new Set([...(known ?? []), ...(named as Hex[])]),
    )
  }
  return functions
}

function toConditions(contracts: WrittenPolicy['contracts']): NonNullable<Policy['conditions']> {
  const conditions = new Map<Address | 'sender', Map<Hex, readonly CallCondition[]>>()
  for (const { address, functions } of contracts) {
    for (const one of functions) {
      if (typeof one === 'string') continue
      const ofContract = conditions.get(address) ?? new Map<Hex, readonly CallCondition[]>()
      ofContract.set(one.selector, [...(ofContract.get(one.selector) ?? []), one])
      conditions.set(address, ofContract)
    }
  }
  return conditions
}
