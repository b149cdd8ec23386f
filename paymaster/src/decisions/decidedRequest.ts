// A request for a signature as it ended: what the decision log is told, in memory, while the caller is answered.
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import type { ExposureId } from '../ledger/reserve.ts'
import type { Decision } from '../policy/policy.ts'
import type { RuleOutcome } from '../policy/ruleOutcome.ts'
import type { PaymasterFields, Sponsorship, SponsorshipRequest, Stub } from '../sponsorship.ts'

export type Granted = {
  readonly decision: Decision
  readonly userOperationHash: Hash
  readonly exposureId: ExposureId
  /** Seconds since the Unix epoch. */
  readonly validUntil: number
  readonly rules: readonly RuleOutcome[]
}

export type DecidedRequest =
  | {
      readonly outcome: 'granted'
      readonly request: SponsorshipRequest
      readonly granted: Granted
    }
  | {
      readonly outcome: 'refused'
      /** Absent where the request was refused before it was read. */
      readonly request?: SponsorshipRequest
      readonly caller: string
      readonly refusal: Refusal
      /** Whose rules or budgets it did not fit. */
      readonly policyId?: string | undefined
      readonly rules: readonly RuleOutcome[]
    }

export type OnDecided = (decided: DecidedRequest) => void

/** The same sponsorship; whatever it refuses is told. What it grants it tells by itself, for it alone knows the hash. */
export function tellingRefusals(sponsorship: Sponsorship, onDecided: OnDecided): Sponsorship {
  function told<Fields extends Stub | PaymasterFields>(
    request: SponsorshipRequest,
    result: Result<Fields>,
  ): Result<Fields> {
    if (!result.ok) {
      const { refusal } = result
      const { outcomes = [], policyId = policyIn(refusal) } = result as Told
      const { caller } = request
      onDecided({ outcome: 'refused', request, caller, refusal, policyId, rules: outcomes })
    }
    return result
  }
  return {
    stub: async request => told(request, await sponsorship.stub(request)),
    grant: async request => told(request, await sponsorship.grant(request)),
  }
}

/** What a stage says of its refusal beside it. */
type Told = { readonly outcomes?: readonly RuleOutcome[]; readonly policyId?: string }

function policyIn({ data }: Refusal): string | undefined {
  const { policyId } = (data ?? {}) as { policyId?: unknown }
  return typeof policyId === 'string' ? policyId : undefined
}
