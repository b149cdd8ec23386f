// Pays out the deposits that the court owes.
import { type Address, type Hash, parseEventLogs } from 'viem'
import * as promiseCourt from '../../abi/promiseCourt.ts'
import { type Call, toCall } from '../../account/call.ts'
import { type OperatorCallErrorType, type OperatorClient, sendCall } from './sendCall.ts'

export type WithdrawCourtCreditParameters = {
  /** The court of the registry, as a promise names it. */
  readonly court: Address
  /** Who gets it. */
  readonly to: Address
}
export type WithdrawCourtCreditReturnType = {
  readonly transactionHash: Hash
  /** Native wei. */
  readonly amountWei: bigint
}
export type WithdrawCourtCreditErrorType = OperatorCallErrorType

/**
 * Withdraws what the court has credited to the sender: deposits of challenges that were right, and what was paid for
 * answers.
 *
 * @example
 * import { withdrawCourtCredit } from '@worldland-aa/sdk/actions/bundling/withdrawCourtCredit'
 *
 * const { amountWei } = await withdrawCourtCredit(walletClient, { court, to })
 */
export async function withdrawCourtCredit(
  client: OperatorClient,
  parameters: WithdrawCourtCreditParameters,
): Promise<WithdrawCourtCreditReturnType> {
  const [call] = withdrawCourtCredit.calls(parameters)
  const { transactionHash, logs } = await sendCall(client, call)
  const [told] = parseEventLogs({ abi: [promiseCourt.Withdrawn], logs })
  return { transactionHash, amountWei: told?.args.amountWei ?? 0n }
}

/** The call alone, for a batch of one's own. */
withdrawCourtCredit.calls = (parameters: WithdrawCourtCreditParameters): readonly [Call] => {
  const { court, to } = parameters
  return [toCall(court, { abi: [promiseCourt.withdraw], functionName: 'withdraw', args: [to] })]
}
