// Bounds on what is signed for and not in a block: a wish costs its caller nothing, and must not stand in the way of those
// who pay, of other policies, or of other callers. What has landed counts no more.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import type { Address } from 'viem'
import type { Budget } from '../ledger/budget.ts'
import type { DeferredRisk } from './deferredRisk.ts'
import { type BudgetLimits, type LimitScope, limitsOf, lowerCase, type Policy } from './sponsorshipPolicy.ts'

/** In percent of the deposit; a caller's also of each budget that the operator pays out of, in wei and in operations. */
export type UnsentShares = {
  /** Of what the operator pays or lends, in all; the rest is for those who pay. */
  readonly lentPercent: number
  readonly policyPercent: number
  readonly callerPercent: number
}

/** Anybody may ask in a sender's name: half of its share is out of any other caller's reach. */
const ofSenderPercent = 50

export function unsentBudgets(options: {
  readonly shares: UnsentShares
  readonly caller: string
  readonly sender: Address
  readonly mode: PaymasterMode
  /** Absent when the operator does not pay. */
  readonly policy?: Policy
  readonly deferredRisk: DeferredRisk
  readonly maxCostWei: bigint
}): readonly Budget[] {
  const { shares, caller, sender, mode, policy, deferredRisk, maxCostWei } = options
  const unsent = (
    id: string,
    who: string,
    whole: string,
    bound: Pick<Budget, 'limitWei' | 'limitOperations' | 'limitDepositPercent' | 'admitsOne'>,
  ): Budget => ({
    id: `unsent/${id}`,
    name: `the part of ${whole} that ${who} may hold by operations that have not landed`,
    ...bound,
    unsentOnly: true,
    consumes: 'nothing',
    holdWei: maxCostWei,
    remedy: 'send what is signed for, or try again when it has expired',
  })
  const ofDeposit = (id: string, who: string, limitDepositPercent: number): Budget =>
    unsent(id, who, 'the deposit', { limitDepositPercent, admitsOne: true })
  const callerShare = (
    id: string,
    whole: string,
    { costWei, operations }: Partial<BudgetLimits>,
    percent = shares.callerPercent,
  ): Budget =>
    unsent(id, 'one caller', whole, {
      ...(costWei !== undefined && { limitWei: (costWei * BigInt(percent)) / 100n }),
      ...(operations !== undefined && {
        limitOperations: Math.max(1, Math.floor((operations * percent) / 100)),
      }),
      admitsOne: true,
    })
  const budgets = [ofDeposit(`caller/${caller}`, 'one caller', shares.callerPercent)]
  if (mode === 'sponsor' || mode === 'tokenDeferred') {
    const bound = { limitDepositPercent: shares.lentPercent }
    budgets.push(unsent('lent', 'operations that do not pay beforehand', 'the deposit', bound))
  }
  if (mode === 'tokenDeferred') {
    const costWei = deferredRisk.globalWei
    budgets.push(callerShare(`deferred/caller/${caller}`, 'what is lent in a day', { costWei }))
  }
  if (policy !== undefined) {
    budgets.push(ofDeposit(`policy/${policy.id}`, `policy "${policy.id}"`, shares.policyPercent))
    const whole = `the budget of policy "${policy.id}"`
    budgets.push(callerShare(`policy/${policy.id}/caller/${caller}`, whole, tightest(policy, 'global')))
    const ofSender = tightest(policy, 'sender')
    if (ofSender.costWei !== undefined || ofSender.operations !== undefined) {
      const id = `policy/${policy.id}/${lowerCase(sender)}/caller/${caller}`
      const share = `the sender's share of policy "${policy.id}"`
      budgets.push(callerShare(id, share, ofSender, ofSenderPercent))
    }
  }
  return budgets
}

/** Of all its windows: what one caller may hold of an hour's budget must leave others some of that hour. */
function tightest(policy: Policy, scope: LimitScope): Pick<BudgetLimits, 'costWei' | 'operations'> {
  const limits = limitsOf(policy).filter(one => one.scope === scope)
  const costs = limits.flatMap(({ costWei }) => costWei ?? [])
  const counts = limits.flatMap(({ operations }) => operations ?? [])
  const [costWei] = costs.sort((one, other) => Number(one - other))
  return {
    ...(costWei === undefined ? {} : { costWei }),
    ...(counts.length === 0 ? {} : { operations: Math.min(...counts) }),
  }
}
