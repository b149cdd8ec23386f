// Why an operation may enter or not, all of it: every broken rule and not only the first, with what is known
// of its entities, its gas and its validity.
import type { Refusal } from '@worldland-aa/service/result'
import type { Address, Hash } from 'viem'
import { mempoolsAllowing } from '../validation/alternativeMempools.ts'
import { checkAnswers } from '../validation/answers.ts'
import { checkAuthority } from '../validation/authorization.ts'
import { findFieldProblems } from '../validation/fields.ts'
import {
  type Examined,
  type JudgementOptions,
  judge,
  validatedOperation,
  violationsOf,
} from '../validation/judgement.ts'
import type { MinimumFees } from '../validation/limits.ts'
import { rejectViolation } from '../validation/rejectViolation.ts'
import { entityName, type Violation } from '../validation/rules/rule.ts'
import type { EntityRole, EntityStake, ValidatedOperation } from '../validation/validatedOperation.ts'
import { accountValidation, intersection, paymasterValidation } from '../validation/validationData.ts'
import { explainGas, type GasLine } from './explainGas.ts'

export type Explanation = {
  readonly accepted: boolean
  readonly userOperationHash: Hash
  readonly entryPoint: Address
  readonly block: { readonly number: bigint; readonly hash: Hash; readonly timestamp: bigint }
  /** Each with its code, its rule, who did it and how to mend it; what comes first is what a sender is told. */
  readonly problems: readonly Refusal[]
  /** The alternative mempools that take it in spite of the rules it breaks. */
  readonly mempools: readonly string[]
  readonly entities: readonly ExplainedEntity[]
  readonly gas: readonly GasLine[]
  /** The most it can cost. */
  readonly prefundWei: bigint
  /** Seconds since the Unix epoch; 0 for no bound. */
  readonly validAfter: number
  readonly validUntil: number
}

export type ExplainedEntity = EntityStake & {
  readonly entity: Violation['entity']
  readonly reputation?: { readonly status: string; readonly opsSeen: number; readonly opsIncluded: number }
}

export type ExplanationOptions = JudgementOptions & { readonly minimumFees: MinimumFees }

export type Explained = { readonly explanation: Explanation; readonly validated: ValidatedOperation }

export function explain(examined: Examined, options: ExplanationOptions): Explained {
  const { userOperation, trace, entities } = examined
  const { outcome, block, phases } = trace
  const fields = findFieldProblems(userOperation, {
    ...options,
    authorizations: { chainId: options.chainId, fork: options.evm.fork },
  })
  const violations = violationsOf(examined, options)
  const broken = violations.flatMap(violation =>
    refusalIn(rejectViolation(violation, entities, options.stakeMinimums)),
  )
  const mempools = violations.length === 0 ? [] : mempoolsAllowing(violations, options.alternativeMempools)
  // What the EntryPoint itself refuses; the answers of those that passed.
  const outcomes = outcome.passed
    ? [
        ...refusalIn(checkAuthority(userOperation, trace)),
        ...refusalIn(checkAnswers({ ...options, userOperation, trace, gas: outcome.gas })),
      ]
    : refusalIn(judge(examined, options))
  const problems = [
    ...fields,
    ...(outcome.passed ? [] : outcomes),
    ...broken,
    ...(outcome.passed ? outcomes : []),
  ]
  const accepted = fields.length + outcomes.length === 0 && (broken.length === 0 || mempools.length > 0)
  const answers = [
    accountValidation(phases.sender?.output ?? '0x', options.version),
    paymasterValidation(phases.paymaster?.output ?? '0x', options.version),
  ]
  const period = outcome.passed ? intersection(answers.filter(answer => answer !== undefined)) : noBounds
  const validated = validatedOperation(examined, options, {
    ...period,
    mempools: mempools.length === 0 ? undefined : mempools,
  })
  return {
    validated,
    explanation: {
      accepted,
      userOperationHash: validated.userOperationHash,
      entryPoint: options.entryPoint,
      block: { number: block.number, hash: block.hash, timestamp: block.timestamp },
      problems,
      mempools,
      entities: (Object.entries(entities) as [EntityRole, EntityStake][]).map(([role, stake]) => ({
        entity: entityName(role),
        ...stake,
      })),
      gas: explainGas(examined, options),
      prefundWei: validated.prefundWei,
      ...period,
    },
  }
}

const noBounds = { validAfter: 0, validUntil: 0 }

function refusalIn(result: { ok: true } | { ok: false; refusal: Refusal }): readonly Refusal[] {
  return result.ok ? [] : [result.refusal]
}
