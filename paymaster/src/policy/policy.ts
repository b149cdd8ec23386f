// The policy stage: who pays for this operation, under which terms, and out of which budgets.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Budget } from '../ledger/budget.ts'
import { maxCostWei, type PaymasterGas } from '../pricing/maxCost.ts'
import { hasGas, type RequestedOperation } from '../requestedOperation.ts'
import { choosePolicy } from './choosePolicy.ts'
import { type DeferredRisk, deferredRiskBudgets } from './deferredRisk.ts'
import { validitySecondsRange } from './definition/policySchema.ts'
import { type GasBounds, judgeGas } from './gasLimits.ts'
import { judgeByPolicy } from './judgeByPolicy.ts'
import { judgeSponsoredExecution } from './judgeExecution.ts'
import { policyBudgets } from './policyBudgets.ts'
import { type Policy, validityOf } from './sponsorshipPolicy.ts'
import { decideTankMode, judgeTank, type TankModeOptions } from './tankMode.ts'
import { decideTokenMode, guessTokenMode, type TokenMode, type TokenModeOptions } from './tokenMode.ts'
import { type UnsentShares, unsentBudgets } from './unsentBudgets.ts'

/** Who is to pay, as the caller wishes it. */
export type Payment =
  | { readonly by: 'operator'; readonly policyId?: string | undefined }
  | { readonly by: 'sender' }
  | { readonly by: 'tank' }

/** What is known before the gas is estimated. */
export type Draft = {
  readonly mode: PaymasterMode
  /** Absent when the sender pays. */
  readonly policy?: Policy
  readonly paymasterGas: PaymasterGas
}

export type Decision = Draft & {
  readonly validitySeconds: number
  readonly maxCostWei: bigint
  /** Token wei; zero when the operator pays. */
  readonly maxChargeWei: bigint
  readonly budgets: readonly Budget[]
}

export type DecisionOptions = {
  /** In force now. */
  readonly policies: () => readonly Policy[]
  readonly gasBounds: GasBounds
  readonly gasOf: (mode: PaymasterMode, operation: RequestedOperation) => PaymasterGas
  readonly token: TokenModeOptions
  readonly tank: TankModeOptions
  readonly tokenValiditySeconds: number
  readonly deferredRisk: DeferredRisk
  readonly unsentShares: UnsentShares
}

export type Question = {
  readonly operation: RequestedOperation
  readonly payment: Payment
  readonly nowSeconds: number
}

/** `caller`: whose limits it counts against. */
export type CallersQuestion = Question & { readonly caller: string }

export type Decider = {
  /** Of these the policies that would sponsor it; its gas is judged once, however many they are. */
  sponsoring(
    question: Omit<Question, 'payment'> & { readonly policyIds: readonly string[] },
  ): readonly Policy[]
  draft(question: Question): Promise<Result<Draft>>
  decide(question: CallersQuestion): Promise<Result<Decision>>
}

export function createDecider(options: DecisionOptions): Decider {
  function sponsor({ operation, payment, nowSeconds }: Question): Result<Draft & { policy: Policy }> {
    const chosen = choosePolicy(options.policies(), payment.by === 'operator' ? payment.policyId : undefined)
    if (!chosen.ok) return chosen
    const paymasterGas = options.gasOf('sponsor', operation)
    const judged = judgeByPolicy({
      policy: chosen.value,
      operation,
      nowSeconds,
      ...(hasGas(operation) ? { maxCostWei: maxCostWei(operation, paymasterGas) } : {}),
    })
    return judged.ok ? accept({ mode: 'sponsor', policy: judged.value, paymasterGas }) : judged
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

  return {
    sponsoring({ operation, nowSeconds, policyIds }) {
      const policies = options.policies()
      const asked = [...new Set(policyIds)].flatMap(named => policies.find(({ id }) => id === named) ?? [])
      if (asked.length === 0 || !judgeGas(operation, options.gasBounds).ok) return []
      return asked.filter(
        ({ id: policyId }) => sponsor({ operation, nowSeconds, payment: { by: 'operator', policyId } }).ok,
      )
    },

    async draft(question) {
      const { operation, payment } = question
      const gas = judgeGas(operation, options.gasBounds)
      if (!gas.ok) return gas
      if (payment.by === 'operator') return sponsor(question)
      if (payment.by === 'tank') {
        const paymasterGas = options.gasOf('tank', operation)
        const judged = await judgeTank(options.tank, operation, paymasterGas)
        return judged.ok ? accept({ mode: 'tank', paymasterGas }) : judged
      }
      const mode = await guessTokenMode(options.token, operation)
      if (!mode.ok) return mode
      return accept({ mode: mode.value, paymasterGas: options.gasOf(mode.value, operation) })
    },

    async decide(question) {
      const { operation, payment, nowSeconds } = question
      const gas = judgeGas(operation, options.gasBounds)
      if (!gas.ok) return gas
      if (payment.by === 'operator') {
        const sponsored = sponsor(question)
        if (!sponsored.ok) return sponsored
        const { policy, paymasterGas } = sponsored.value
        const refusal = await judgeSponsoredExecution({ ...options.token, operation })
        if (refusal !== undefined) return refusal
        const costWei = maxCostWei(operation, paymasterGas)
        return accept(
          withUnsent(
            {
              ...sponsored.value,
              validitySeconds: validityOf(policy, nowSeconds),
              maxCostWei: costWei,
              maxChargeWei: 0n,
              budgets: policyBudgets({ policy, operation, nowSeconds, maxCostWei: costWei }),
            },
            question,
          ),
        )
      }
      if (payment.by === 'tank') {
        const paymasterGas = options.gasOf('tank', operation)
        const paid = await decideTankMode(options.tank, operation, paymasterGas, question.caller)
        if (!paid.ok) return paid
        const validitySeconds = options.tokenValiditySeconds
        return accept(withUnsent({ ...paid.value, validitySeconds }, question))
      }
      const paid = await decideTokenMode(options.token, operation)
      if (!paid.ok) return paid
      const budgets =
        paid.value.mode === 'token'
          ? []
          : deferredRiskBudgets({
              risk: options.deferredRisk,
              operation,
              nowSeconds,
              maxCostWei: paid.value.maxCostWei,
            })
      return accept(
        withUnsent({ ...paid.value, validitySeconds: tokenValidity(paid.value.mode), budgets }, question),
      )
    },
  }
}
