// Gas limits against what an operation took when it was played: where the operator may have to pay, what is spare is a
// gift to the bundler (a tenth of unused callGasLimit is billed), and what an account burns on purpose is no work.
import type { Result } from '@worldland-aa/service/result'
import { type Address, isAddressEqual, type PublicClient } from 'viem'
import { deny } from '../denial.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { AccountCall } from './accountCalls.ts'
import { readOutermostCalls } from './operationCalls.ts'
import { gasOfCalls } from './plainAccount.ts'
import type { ExecutionOutcome } from './simulateExecution.ts'

/** Beside the factor: what is small anyway, or shown only in parts by a stub signature (passkeys). */
const spareCallGas = 75_000n
const spareVerificationGas = 500_000n
/** What any account may take for itself; a call to itself is its own affair. */
const accountGas = 150_000n

export async function judgePlausibility(options: {
  readonly client: PublicClient
  readonly operation: RequestedOperation
  readonly outcome: Pick<ExecutionOutcome, 'verificationGas' | 'executionGas'>
  /** Of what was used: state may change until the operation lands. */
  readonly gasLimitPercent: number
}): Promise<Result<never> | undefined> {
  const { client, operation, outcome, gasLimitPercent } = options
  const { sender, callGasLimit, verificationGasLimit } = operation
  const factor = (gas: bigint): bigint => (gas * BigInt(gasLimitPercent)) / 100n
  const mostVerificationGas = factor(outcome.verificationGas) + spareVerificationGas
  if (verificationGasLimit > mostVerificationGas) {
    return tooHigh('verificationGasLimit', verificationGasLimit, mostVerificationGas)
  }
  const mostCallGas = factor(outcome.executionGas) + spareCallGas
  if (callGasLimit > mostCallGas) return tooHigh('callGasLimit', callGasLimit, mostCallGas)
  if (callGasLimit <= accountGas) return undefined
  const decoded = readOutermostCalls(operation)
  if (!decoded.ok) return undefined
  const { calls } = decoded
  const gas = await gasOfCalls({ client, sender, calls: calls.filter(isForeign(sender)) })
  const mostForCalls = factor(gas) + accountGas * BigInt(1 + calls.filter(isOwn(sender)).length)
  return callGasLimit > mostForCalls ? tooHigh('callGasLimit', callGasLimit, mostForCalls) : undefined
}

function isOwn(sender: Address): (call: AccountCall) => boolean {
  return ({ to }) => isAddressEqual(to, sender)
}

function isForeign(sender: Address): (call: AccountCall) => boolean {
  return ({ to }) => !isAddressEqual(to, sender)
}

function tooHigh(
  field: 'callGasLimit' | 'verificationGasLimit',
  value: bigint,
  limit: bigint,
): Result<never> {
  return deny(
    'gasLimitTooHigh',
    {
      problem: `${field} is ${value}, and what was used when the operation was played makes no more than ${limit} plausible`,
      remedy: 'estimate it anew (eth_estimateUserOperationGas)',
    },
    { field, value: String(value), limit: String(limit) },
  )
}
