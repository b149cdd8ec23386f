// Decides how an operation pays in the token: at once (prepaid out of a live allowance), or afterwards,
// when it gives the allowance itself. Afterwards is a risk of the operator's, so all that can be known
// before is checked, and the ledger bounds the rest.
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import { deny } from '../denial.ts'
import { maxCostWei, type PaymasterGas } from '../pricing/maxCost.ts'
import { chargeWei } from '../pricing/tokenPrice.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { judgePlausibility } from './plausibleGas.ts'
import { readSenderFunds, type SenderFunds } from './senderFunds.ts'
import { findFailure, simulateExecution } from './simulateExecution.ts'
import { approvalIn } from './tokenApproval.ts'

export type TokenMode = 'token' | 'tokenDeferred'

export type TokenModeOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly token: Address
  readonly markupBps: number
  /** Debt beyond which nothing more is lent; wei of the token. */
  readonly debtLimitWei: bigint
  /** Most of a gas limit that is signed for on credit, in percent of what was used. */
  readonly gasLimitPercent: number
  readonly gasOf: (mode: TokenMode, operation: RequestedOperation) => PaymasterGas
}

export type TokenDecision = {
  readonly mode: TokenMode
  readonly paymasterGas: PaymasterGas
  readonly maxCostWei: bigint
  /** Earlier debt included; wei of the token. */
  readonly maxChargeWei: bigint
}

/** While the gas is not estimated: the mode it will most likely be, or a refusal that no estimate can mend. */
export async function guessTokenMode(
  options: TokenModeOptions,
  operation: RequestedOperation,
): Promise<Result<TokenMode>> {
  const { allowanceWei } = await readSenderFunds(options.client, options, operation.sender)
  if (approvalIn(operation.callData, options) !== undefined) {
    return accept(allowanceWei >= ampleAllowanceWei ? 'token' : 'tokenDeferred')
  }
  return allowanceWei > 0n ? accept('token') : denyApproval(options, operation, undefined)
}

/** Covers any operation: an allowance meant to last. */
const ampleAllowanceWei = 10n ** 24n

export async function decideTokenMode(
  options: TokenModeOptions,
  operation: RequestedOperation,
): Promise<Result<TokenDecision>> {
  const funds = await readSenderFunds(options.client, options, operation.sender)
  const prepaid = price('token', options, operation, funds)
  if (funds.allowanceWei >= prepaid.maxChargeWei && funds.balanceWei >= prepaid.maxChargeWei) {
    return accept(prepaid)
  }
  const deferred = price('tokenDeferred', options, operation, funds)
  const refusal =
    judgeBalance(options, operation, funds, deferred) ??
    judgeDebt(options, operation, funds) ??
    judgeApproval(options, operation, deferred) ??
    (await judgeExecution(options, operation, deferred))
  return refusal ?? accept(deferred)
}

type Judgement = Result<never> | undefined

function price(
  mode: TokenMode,
  options: TokenModeOptions,
  operation: RequestedOperation,
  funds: SenderFunds,
): TokenDecision {
  const paymasterGas = options.gasOf(mode, operation)
  const costWei = maxCostWei(operation, paymasterGas)
  return {
    mode,
    paymasterGas,
    maxCostWei: costWei,
    maxChargeWei: chargeWei(costWei, options.markupBps) + funds.debtWei,
  }
}

function judgeBalance(
  { token }: TokenModeOptions,
  { sender }: RequestedOperation,
  funds: SenderFunds,
  { maxChargeWei }: TokenDecision,
): Judgement {
  if (funds.balanceWei >= maxChargeWei) return undefined
  const debt = funds.debtWei === 0n ? '' : ` (${funds.debtWei} of it owed from before)`
  return deny(
    'tokenBalanceTooLow',
    {
      problem: `${sender} has ${funds.balanceWei} wei of the token ${token}, and its gas may cost ${maxChargeWei}${debt}`,
      remedy: 'send it tokens, or lower gas limits and fees',
    },
    {
      token,
      balanceWei: String(funds.balanceWei),
      requiredWei: String(maxChargeWei),
      debtWei: String(funds.debtWei),
    },
  )
}

function judgeDebt(
  { paymaster, debtLimitWei }: TokenModeOptions,
  { sender }: RequestedOperation,
  { debtWei }: SenderFunds,
): Judgement {
  if (debtWei <= debtLimitWei) return undefined
  return deny(
    'debtTooHigh',
    {
      problem: `${sender} owes the paymaster ${debtWei} wei of the token from an operation it did not pay, so nothing is lent to it`,
      remedy: `approve ${paymaster} in an operation that pays its own gas, and the next one will settle the debt`,
    },
    { debtWei: String(debtWei), debtLimitWei: String(debtLimitWei) },
  )
}

function judgeApproval(
  options: TokenModeOptions,
  operation: RequestedOperation,
  { maxChargeWei }: TokenDecision,
): Judgement {
  const approvedWei = approvalIn(operation.callData, options)
  if (approvedWei !== undefined && approvedWei >= maxChargeWei) return undefined
  return denyApproval(options, operation, { approvedWei, maxChargeWei })
}

function denyApproval(
  { token, paymaster }: TokenModeOptions,
  { sender }: RequestedOperation,
  amounts: { approvedWei: bigint | undefined; maxChargeWei: bigint } | undefined,
): Result<never> {
  const amount = amounts?.maxChargeWei ?? 'the most its gas may cost'
  const problem =
    amounts?.approvedWei === undefined
      ? `${sender} has not approved the paymaster to take its gas in the token`
      : `The operation approves ${amounts.approvedWei} wei of the token, and its gas may cost ${amounts.maxChargeWei}`
  return deny(
    'tokenNotApproved',
    {
      problem,
      remedy: `begin the batch with approve(${paymaster}, ${amount}) on ${token}, or approve it beforehand`,
    },
    {
      token,
      spender: paymaster,
      ...(amounts === undefined ? {} : { requiredWei: String(amounts.maxChargeWei) }),
    },
  )
}

async function judgeExecution(
  options: TokenModeOptions,
  operation: RequestedOperation,
  { maxChargeWei }: TokenDecision,
): Promise<Judgement> {
  const simulation = { ...options, operation }
  const outcome = await simulateExecution(simulation)
  const { allowanceWei, balanceWei } = outcome
  if (outcome.succeeded && allowanceWei >= maxChargeWei && balanceWei >= maxChargeWei) {
    const { client, gasLimitPercent } = options
    return await judgePlausibility({ client, operation, outcome, gasLimitPercent })
  }
  const failure = await findFailure(simulation)
  if (failure !== undefined) {
    return deny(
      'executionWouldFail',
      {
        problem: `The operation would fail, ${failure}, and undo the approval it pays by`,
        remedy: 'mend it, or approve beforehand',
      },
      { failure },
    )
  }
  const left = allowanceWei < maxChargeWei ? `an allowance of ${allowanceWei}` : `a balance of ${balanceWei}`
  return deny(
    'executionWouldFail',
    {
      problem: `The operation would leave ${left} wei of the token, and its gas may cost ${maxChargeWei}`,
      remedy: 'raise callGasLimit if it runs out of gas, or move fewer tokens',
    },
    {
      allowanceWei: String(allowanceWei),
      balanceWei: String(balanceWei),
      requiredWei: String(maxChargeWei),
    },
  )
}
