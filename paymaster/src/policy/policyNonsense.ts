// What a well-formed policy cannot mean: each is told by its field, with what to do, before anything is signed by it.
import type { BudgetLimits, Policy } from './sponsorshipPolicy.ts'

export type Nonsense = { readonly field: string; readonly problem: string }

/** More than the deposit of any paymaster can ever be: a budget above it is a slip of the keyboard. */
const mostWei = 2n ** 112n

export function findNonsense(policy: Policy, { endedBefore }: { endedBefore?: number } = {}): Nonsense[] {
  return [...ofTime(policy, endedBefore), ...ofCalls(policy), ...ofSenders(policy), ...ofLimits(policy)]
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

function* ofCalls({ functions, factories }: Policy): Iterable<Nonsense> {
  if (functions.size === 0 && factories !== 'any' && factories.size === 0) {
    yield {
      field: 'contracts',
      problem:
        'names no call, and factories no deployment, so the policy sponsors nothing: name what it is for',
    }
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

function* ofLimits({ costPerOperationWei, perSender, global }: Policy): Iterable<Nonsense> {
  yield* ofAmount('limits.costPerOperationWei', costPerOperationWei)
  yield* ofAmount('limits.global.costWei', global.costWei)
  if (above(costPerOperationWei, global.costWei)) {
    yield {
      field: 'limits.costPerOperationWei',
      problem: `is above limits.global.costWei (${global.costWei}): lower it, or raise the budget`,
    }
  }
  if (perSender === undefined) return
  const { costWei, operations, window } = perSender
  yield* ofAmount('limits.perSender.costWei', costWei)
  if (costWei === undefined && operations === undefined) {
    yield {
      field: 'limits.perSender',
      problem: 'limits nothing: give costWei or operations, or leave it out',
    }
  }
  if (above(costPerOperationWei, costWei)) {
    yield {
      field: 'limits.costPerOperationWei',
      problem: `is above limits.perSender.costWei (${costWei}): lower it, or raise the share`,
    }
  }
  // What one may spend in a day may well be more than nothing of what all may spend for ever, but not the reverse.
  if (window !== global.window) return
  yield* ofShare('costWei', costWei, global.costWei)
  yield* ofShare('operations', operations, global.operations)
}

function* ofAmount(field: string, wei: bigint | undefined): Iterable<Nonsense> {
  if (wei === 0n) yield { field, problem: 'is 0, so nothing is ever sponsored: give an amount' }
  if (wei !== undefined && wei > mostWei) {
    yield { field, problem: `is ${wei}, more wei than any deposit can hold: count the digits` }
  }
}

function* ofShare(
  name: keyof BudgetLimits,
  share: bigint | number | undefined,
  whole: bigint | number | undefined,
): Iterable<Nonsense> {
  if (share === undefined || whole === undefined || share <= whole) return
  yield {
    field: `limits.perSender.${name}`,
    problem: `is above limits.global.${name} (${whole}): lower it, or raise what all have together`,
  }
}

function above(wei: bigint, limitWei: bigint | undefined): boolean {
  return limitWei !== undefined && wei > limitWei
}
