// The policy stage: who pays for this operation, under which terms, and out of which budgets.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { Budget } from '../ledger/budget.ts'
import type { PaymasterGas } from '../pricing/maxCost.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type DeferredRisk, deferredRiskBudgets } from './deferredRisk.ts'
import { validitySecondsRange } from './definition/policySchema.ts'
import { decideErc20Mode, draftErc20Mode, type Erc20ModeOptions, type Erc20Price } from './erc20Mode.ts'
import type { FactSources } from './facts/policyFacts.ts'
import { type GasBounds, judgeGas } from './gasLimits.ts'
import type { Judged } from './judgeByPolicy.ts'
import { judgeSponsoredExecution } from './judgeExecution.ts'
import { policyBudgets } from './policyBudgets.ts'
import type { RuleOutcome } from './ruleOutcome.ts'
import { judgeSponsoring, outcomeOf, type Sponsored, sponsoredCostWei } from './sponsorMode.ts'
import { type Policy, validityOf } from './sponsorshipPolicy.ts'
import { decideTankMode, judgeTank, type TankModeOptions } from './tankMode.ts'
import { decideTokenMode, guessTokenMode, type TokenMode, type TokenModeOptions } from './tokenMode.ts'
import { type UnsentShares, unsentBudgets } from './unsentBudgets.ts'
import type { WebhookJudge } from './webhook/askWebhook.ts'

/** Who is to pay, as the caller wishes it. */
export type Payment =
  | { readonly by: 'operator'; readonly policyId?: string | undefined }
  | { readonly by: 'sender' }
  /** In another token than the compute token. */
  | { readonly by: 'erc20'; readonly token: Address }
  | { readonly by: 'tank' }

/** What is known before the gas is estimated. */
export type Draft = {
  /** Absent when the sender pays. */
  readonly policy?: Policy
  readonly paymasterGas: PaymasterGas
} & (
  | { readonly mode: Exclude<PaymasterMode, 'erc20'> }
  | { readonly mode: 'erc20'; readonly erc20: Erc20Price }
)

export type Decision = Draft & {
  readonly validitySeconds: number
  readonly maxCostWei: bigint
  /** Wei of the compute token; zero when the operator pays, and in another token. */
  readonly maxChargeWei: bigint
  /** Of the other token that pays. */
  readonly maxChargeUnits?: bigint
  /** Token wei that its own calls may spend, where the policy counts them. */
  readonly tokenSpendWei?: bigint
  readonly budgets: readonly Budget[]
}

export type DecisionOptions = {
  /** In force now. */
  readonly policies: () => readonly Policy[]
  readonly gasBounds: GasBounds
  readonly gasOf: (mode: PaymasterMode, operation: RequestedOperation) => PaymasterGas
  /** What the deposit gives the bundler of a sponsored operation beside its gas; absent where there are no tips. */
  readonly tipWei?: () => bigint
  readonly token: TokenModeOptions
  readonly tank: TankModeOptions
  readonly erc20: Erc20ModeOptions
  readonly tokenValiditySeconds: number
  readonly deferredRisk: DeferredRisk
  readonly unsentShares: UnsentShares
  /** Beyond the operation itself; absent where no policy asks. */
  readonly facts?: FactSources
  /** Absent where no policy has one. */
  readonly askWebhook?: WebhookJudge
}

export type Question = {
  readonly operation: RequestedOperation
  readonly payment: Payment
  readonly nowSeconds: number
  /** The API key that it is asked with, by its id. */
  readonly apiKeyId?: string | undefined
}

/** `caller`: whose limits it counts against. */
export type CallersQuestion = Question & { readonly caller: string }

export type Decider = {
  /** Of these the policies that would sponsor it; its gas is judged once, however many they are. */
  sponsoring(
    question: Omit<Question, 'payment'> & { readonly policyIds: readonly string[] },
  ): Promise<readonly Policy[]>
  draft(question: Question): Promise<Judged<Draft>>
  decide(question: CallersQuestion): Promise<Judged<Decision>>
}

export function createDecider(options: DecisionOptions): Decider {
  async function sponsor(question: Question): Promise<Judged<Sponsored>> {
    const { operation, payment, nowSeconds, apiKeyId } = question
    const policyId = payment.by === 'operator' ? payment.policyId : undefined
    return await judgeSponsoring(options, { operation, policyId, nowSeconds, apiKeyId })
  }

  function withUnsent(decision: Decision, { caller, operation: { sender } }: CallersQuestion): Decision {
    const { unsentShares: shares, deferredRisk } = options
    const unsent = unsentBudgets({ ...decision, shares, caller, sender, deferredRisk })
    return { ...decision, budgets: [...decision.budgets, ...unsent] }
  }

  /** What may not be paid for is held as shortly as what is sponsored. */
  function tokenValidity(mode: TokenMode): number {
    const { tokenValiditySeconds } = options
    return mode === 'token'
      ? tokenValiditySeconds
      : Math.min(tokenValiditySeconds, validitySecondsRange.fallback)
  }

  async function decideSponsored(question: CallersQuestion): Promise<Judged<Decision>> {
    const { operation, nowSeconds, apiKeyId } = question
    const sponsored = await sponsor(question)
    if (!sponsored.ok) return sponsored
    const { policy, paymasterGas, tokenSpendWei } = sponsored.value
    const outcomes = [...sponsored.outcomes]
    const refusal = await judgeSponsoredExecution({ ...options.token, operation })
    outcomes.push(outcomeOf('execution', refusal ?? accept(undefined), 'executionPlayed'))
    if (refusal !== undefined) return { ...refusal, outcomes }
    const costWei = sponsoredCostWei(options, operation, paymasterGas)
    const asked = await options.askWebhook?.({ policy, operation, apiKeyId })
    if (asked !== undefined) {
      outcomes.push(outcomeOf('webhook', asked, 'webhookSays', { answer: asked.ok ? asked.value : '' }))
      if (!asked.ok) return { ...asked, outcomes }
    }
    const budgets = policyBudgets({
      policy,
      operation,
      apiKeyId,
      nowSeconds,
      maxCostWei: costWei,
      tokenSpendWei,
      token: options.facts?.token,
    })
    const decision: Decision = {
      mode: 'sponsor',
      policy,
      paymasterGas,
      validitySeconds: validityOf(policy, nowSeconds),
      maxCostWei: costWei,
      maxChargeWei: 0n,
      ...(tokenSpendWei === undefined ? {} : { tokenSpendWei }),
      budgets,
    }
    return { ...accept(withUnsent(decision, question)), outcomes }
  }

  async function decideByTank(question: CallersQuestion): Promise<Result<Decision>> {
    const { operation, caller } = question
    const paymasterGas = options.gasOf('tank', operation)
    const paid = await decideTankMode(options.tank, operation, paymasterGas, caller)
    if (!paid.ok) return paid
    const validitySeconds = options.tokenValiditySeconds
    return accept(withUnsent({ ...paid.value, validitySeconds }, question))
  }

  async function decideByToken(question: CallersQuestion): Promise<Result<Decision>> {
    const { operation, nowSeconds } = question
    const paid = await decideTokenMode(options.token, operation)
    if (!paid.ok) return paid
    const { mode, maxCostWei } = paid.value
    const budgets =
      mode === 'token'
        ? []
        : deferredRiskBudgets({ risk: options.deferredRisk, operation, nowSeconds, maxCostWei })
    return accept(withUnsent({ ...paid.value, validitySeconds: tokenValidity(mode), budgets }, question))
  }

  async function decideByErc20(question: CallersQuestion, token: Address): Promise<Result<Decision>> {
    const paid = await decideErc20Mode(options.erc20, question.operation, token)
    if (!paid.ok) return paid
    const validitySeconds = options.tokenValiditySeconds
    return accept(withUnsent({ ...paid.value, maxChargeWei: 0n, validitySeconds, budgets: [] }, question))
  }

  async function draftByToken({ operation }: Question): Promise<Result<Draft>> {
    const mode = await guessTokenMode(options.token, operation)
    if (!mode.ok) return mode
    return accept({ mode: mode.value, paymasterGas: options.gasOf(mode.value, operation) })
  }

  async function draftByTank({ operation }: Question): Promise<Result<Draft>> {
    const paymasterGas = options.gasOf('tank', operation)
    const judged = await judgeTank(options.tank, operation, paymasterGas)
    return judged.ok ? accept({ mode: 'tank', paymasterGas }) : judged
  }

  async function draftSponsored(question: Question): Promise<Judged<Draft>> {
    const sponsored = await sponsor(question)
    if (!sponsored.ok) return sponsored
    const { policy, paymasterGas } = sponsored.value
    return { ...accept({ mode: 'sponsor', policy, paymasterGas }), outcomes: sponsored.outcomes }
  }

  /** What it is worth comes first, whoever pays; then who does. */
  async function afterGas<Value>(
    { operation, payment }: Question,
    by: Readonly<Record<'operator' | 'sender' | 'tank', () => Promise<Result<Value> | Judged<Value>>>> & {
      readonly erc20: (token: Address) => Promise<Result<Value> | Judged<Value>>
    },
  ): Promise<Judged<Value>> {
    const gas = judgeGas(operation, options.gasBounds, payment.by === 'erc20')
    const first = outcomeOf('gas', gas, 'gasWithinBounds')
    if (!gas.ok) return { ...gas, outcomes: [first] }
    const asked = payment.by === 'erc20' ? by.erc20(payment.token) : by[payment.by]()
    const judged = await asked
    const further: readonly RuleOutcome[] =
      'outcomes' in judged
        ? judged.outcomes
        : [outcomeOf(payment.by === 'tank' ? 'tank' : 'token', judged, 'canPay')]
    return { ...judged, outcomes: [first, ...further] }
  }

  return {
    async sponsoring({ operation, nowSeconds, apiKeyId, policyIds }) {
      const policies = options.policies()
      const asked = [...new Set(policyIds)].filter(named => policies.some(({ id }) => id === named))
      if (asked.length === 0 || !judgeGas(operation, options.gasBounds).ok) return []
      const judged = await Promise.all(
        asked.map(policyId => judgeSponsoring(options, { operation, policyId, nowSeconds, apiKeyId })),
      )
      return judged.flatMap(one => (one.ok ? [one.value.policy] : []))
    },

    draft: question =>
      afterGas<Draft>(question, {
        operator: () => draftSponsored(question),
        sender: () => draftByToken(question),
        erc20: token => draftErc20Mode(options.erc20, question.operation, token),
        tank: () => draftByTank(question),
      }),

    decide: question =>
      afterGas<Decision>(question, {
        operator: () => decideSponsored(question),
        sender: () => decideByToken(question),
        erc20: token => decideByErc20(question, token),
        tank: () => decideByTank(question),
      }),
  }
}
