// A sponsorship's journey: policy → pricing → ledger → signing. Nothing is signed whose dearest outcome
// the ledger has not set aside before.
import type { OperationUnderTerms, PaymasterTerms } from '@worldland-aa/sdk/protocol/paymasterData'
import { askAgain } from '@worldland-aa/service/chain/askAgain'
import { accept, type Refusal, type Result } from '@worldland-aa/service/result'
import type { Address, Hex } from 'viem'
import type { Granted } from './decisions/decidedRequest.ts'
import { isDeniedFor } from './denial.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { ExposureId } from './ledger/reserve.ts'
import type { Brake } from './operator/brake.ts'
import type { Decider, Decision, Draft, Payment } from './policy/policy.ts'
import { noPolicyId } from './policy/policyId.ts'
import { outcomeBy, type RuleOutcome, refusedBy } from './policy/ruleOutcome.ts'
import type { SenderJudge } from './policy/senderStanding.ts'
import type { PaymasterGas } from './pricing/maxCost.ts'
import type { RequestedOperation } from './requestedOperation.ts'
import type { Signers } from './signing/signers.ts'
import { signTerms } from './signing/signing.ts'
import { stubPaymasterData } from './signing/stubData.ts'
import type { TermsHash } from './signing/termsHash.ts'

export type SponsorshipRequest = {
  readonly operation: RequestedOperation
  readonly payment: Payment
  /** Whose limits it counts against. */
  readonly caller: string
  /** Where the caller is named by a key: from where it calls, and the key. */
  readonly address?: string | undefined
  readonly apiKeyId?: string | undefined
  /** Shortens the validity that the policy gives. */
  readonly validForSeconds?: number | undefined
}

export type PaymasterFields = PaymasterGas & {
  readonly paymaster: Address
  readonly paymasterData: Hex
  /** The most that the sender pays; absent where the operator does. Without a token: of the compute token. */
  readonly mostCharge?: { readonly token?: Address; readonly units: bigint }
}

export type Stub = PaymasterFields & { readonly sponsor?: { readonly name: string; readonly icon?: string } }

export type Sponsorship = {
  /** For estimating gas with; reserves nothing and is worth nothing. */
  stub(request: SponsorshipRequest): Promise<Result<Stub>>
  /** For sending; the operation's gas must be known. */
  grant(request: SponsorshipRequest): Promise<Result<PaymasterFields>>
}

/** Set aside in the ledger, not signed yet. */
type Reserved = {
  readonly decision: Decision
  readonly validUntil: number
  readonly exposureId: ExposureId
  /** Rule by rule, for whoever asks why. */
  readonly rules: readonly RuleOutcome[]
}

export type SponsorshipOptions = {
  readonly hashOf: TermsHash
  readonly paymaster: Address
  readonly markupBps: number
  readonly decider: Pick<Decider, 'draft' | 'decide'>
  readonly judgeSender: SenderJudge
  readonly ledger: Ledger
  readonly signers: Pick<Signers, 'take' | 'judge'>
  readonly brake: Pick<Brake, 'judge'>
  /** Seconds since the Unix epoch, as the chain will measure them. */
  readonly now: () => number
  readonly onGrant: (granted: Granted, request: SponsorshipRequest) => void
  readonly onRecordFailed: (error: unknown) => void
}

/** Each reads the sender's funds anew; blocks are far enough apart that the second one will do. */
const mostReadings = 4

export function createSponsorship(options: SponsorshipOptions): Sponsorship {
  const { hashOf, paymaster, decider, ledger, signers, brake, now } = options

  function termsOf(
    draft: Draft & { maxChargeWei?: bigint; maxChargeUnits?: bigint },
    validUntil: number,
  ): PaymasterTerms {
    const validity = { policyId: draft.policy?.onChainId ?? noPolicyId, validUntil, validAfter: 0 }
    if (draft.mode === 'sponsor') return { mode: draft.mode, ...validity }
    if (draft.mode === 'erc20') {
      return { mode: draft.mode, ...validity, ...draft.erc20, maxChargeUnits: draft.maxChargeUnits ?? 0n }
    }
    const { markupBps } = options
    return { mode: draft.mode, ...validity, markupBps, maxChargeWei: draft.maxChargeWei ?? 0n }
  }

  /** Decides and sets aside; anew when blocks or an edit came in between, by which it would be decided otherwise. */
  async function reserve({
    operation,
    payment,
    validForSeconds,
    caller,
    apiKeyId,
  }: SponsorshipRequest): Promise<Result<Reserved>> {
    for (let reading = 1; ; reading++) {
      const nowSeconds = now()
      const [standing, decided] = await askAgain(() =>
        Promise.all([
          options.judgeSender(operation),
          decider.decide({ operation, payment, nowSeconds, caller, apiKeyId }),
        ]),
      )
      if (!standing.ok) return standing
      if (!decided.ok) return decided
      const decision = decided.value
      const validity = Math.min(decision.validitySeconds, validForSeconds ?? decision.validitySeconds)
      const validUntil = nowSeconds + validity
      const reserved = await ledger.reserve({
        sender: operation.sender,
        nonce: operation.nonce,
        nextNonce: standing.value,
        maxCostWei: decision.maxCostWei,
        validUntil,
        budgets: decision.budgets,
        policy: versionOf(decision),
      })
      const rules = [...decided.outcomes, ofBudgets(decision, reserved)]
      if (reserved.ok) return accept({ decision, validUntil, exposureId: reserved.value, rules })
      if (!isOutrun(reserved.refusal) || reading === mostReadings)
        return withOutcomes(reserved, rules, decision.policy?.id)
    }
  }

  return {
    async stub({ operation, payment, apiKeyId }) {
      const refusal = brake.judge(operation) ?? signers.judge()
      if (refusal !== undefined) return refusal
      const drafted = await askAgain(() => decider.draft({ operation, payment, nowSeconds: now(), apiKeyId }))
      if (!drafted.ok) return drafted
      const { policy, paymasterGas } = drafted.value
      return accept({
        paymaster,
        paymasterData: stubPaymasterData(termsOf(drafted.value, 0)),
        ...paymasterGas,
        ...(policy && {
          sponsor: { name: policy.name, ...(policy.icon === undefined ? {} : { icon: policy.icon }) },
        }),
      })
    },

    async grant(request) {
      const { operation } = request
      const refusal = brake.judge(operation) ?? signers.judge()
      if (refusal !== undefined) return refusal
      const reserved = await reserve(request)
      if (!reserved.ok) return reserved
      const { decision, validUntil, exposureId, rules } = reserved.value
      const terms = termsOf(decision, validUntil)
      const userOperation: OperationUnderTerms = { ...operation, ...decision.paymasterGas, paymaster }
      const signer = signers.take(validUntil)
      const signed = await signTerms({ signer, hashOf, userOperation, terms })
      // Pulled meanwhile: what is signed is not handed out, and what it holds lapses.
      const pulled = brake.judge(operation) ?? signers.judge(signer.address)
      if (pulled !== undefined) return pulled
      const recorded = ledger.record({
        exposureId,
        userOperationHash: signed.userOperationHash,
        mode: terms.mode,
        policyId: terms.policyId,
        maxCostWei: decision.maxCostWei,
        validUntil,
        budgetIds: decision.budgets.map(budget => budget.id),
        apiKeyId: request.apiKeyId,
        tokenSpendWei: decision.tokenSpendWei,
      })
      // Not waited for: `reserve` is on the disk, and that is what keeps promises within bounds.
      recorded.catch(options.onRecordFailed)
      const { userOperationHash } = signed
      options.onGrant({ decision, userOperationHash, exposureId, validUntil, rules }, request)
      const { paymasterData } = signed
      return accept({ paymaster, paymasterData, ...decision.paymasterGas, ...mostChargeOf(decision) })
    },
  }
}

function mostChargeOf(decision: Decision): Pick<PaymasterFields, 'mostCharge'> {
  if (decision.mode === 'sponsor') return {}
  if (decision.mode !== 'erc20') return { mostCharge: { units: decision.maxChargeWei } }
  return { mostCharge: { token: decision.erc20.token, units: decision.maxChargeUnits ?? 0n } }
}

/** What it was decided by is not so any more. */
function isOutrun(refusal: Refusal): boolean {
  return isDeniedFor('chainMoved', refusal) || isDeniedFor('policyChanged', refusal)
}

function versionOf({ policy }: Decision): { id: string; version: number } | undefined {
  return policy?.version === undefined ? undefined : { id: policy.id, version: policy.version }
}

/** A refusal says to whoever looks on by which rules it came, as a decider's does. */
function withOutcomes(
  refused: Result<never>,
  outcomes: readonly RuleOutcome[],
  policyId: string | undefined,
): Result<never> {
  return Object.assign({ ...refused }, { outcomes, policyId })
}

function ofBudgets({ budgets }: Decision, reserved: Result<unknown>): RuleOutcome {
  if (!reserved.ok) return refusedBy('budgets', reserved.refusal)
  const names = budgets.map(({ name }) => name)
  if (names.length === 0) return outcomeBy('budgets', true, 'budgetsDeposit')
  const values = { budgets: names.join(', '), count: String(names.length) }
  return outcomeBy('budgets', true, 'budgetsRoom', values)
}
