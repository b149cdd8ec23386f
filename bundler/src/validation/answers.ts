// What account and paymaster answered in a validation that passed, held against the limits: how long it
// holds, how much gas is to spare, how much context postOp is given.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { accept, type Result } from '@worldland-aa/service/result'
import { size } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import { earliestEndSeconds, type Horizon, outlasts } from './horizon.ts'
import type { ValidationLimits } from './limits.ts'
import { reject, rejectField } from './rejection.ts'
import type { Trace, ValidationGas } from './trace.ts'
import type { UserOperation } from './validatedOperation.ts'
import {
  accountValidation,
  type BlockRange,
  blockIntersection,
  intersection,
  paymasterValidation,
  type ValidationData,
} from './validationData.ts'

export type Answers = {
  /** Seconds since the Unix epoch; 0 for no bound. */
  readonly validAfter: number
  readonly validUntil: number
  readonly validBlocks?: BlockRange
  /** Who set the earlier end; absent where there is none. */
  readonly endedBy?: 'sender' | 'paymaster'
}

export function checkAnswers(request: {
  userOperation: UserOperation
  trace: Trace
  gas: ValidationGas
  limits: ValidationLimits
  horizon: Horizon
  preVerificationGas: PreVerificationGas
  version: EntryPointVersion
}): Result<Answers> {
  const { trace, userOperation, version } = request
  const account = accountValidation(trace.phases.sender?.output ?? '0x', version)
  const paymaster = trace.phases.paymaster && paymasterValidation(trace.phases.paymaster.output, version)
  // The EntryPoint has decoded both already.
  if (account === undefined) throw new Error('A validation that passed has no validationData')
  if (trace.phases.paymaster !== undefined && paymaster === undefined) return unreadable(userOperation)
  const all = paymaster ? [account, paymaster] : [account]
  const validBlocks = blockIntersection(all)
  const lasting = checkPeriod(request, { account, paymaster })
  if (!lasting.ok) return lasting
  const blocksLeft = checkBlocks(request, validBlocks)
  if (!blocksLeft.ok) return blocksLeft
  const spare = checkSpareGas(request)
  if (!spare.ok) return spare
  const contextBytes = paymaster ? size(paymaster.context) : 0
  const required = request.preVerificationGas.required(userOperation, {
    contextBytes,
    meteredGas: request.gas.total + version.leastExecutionGas(userOperation),
  })
  // ERC-7562 [LIM-070] What postOp is handed is copied at the bundler's cost.
  if (userOperation.preVerificationGas < required) {
    return rejectField(
      'preVerificationGas',
      `is too low: ${userOperation.preVerificationGas}`,
      `with a paymaster context of ${contextBytes} bytes this operation needs ${required}`,
    )
  }
  return accept({ ...intersection(all), ...(validBlocks && { validBlocks }), ...endedBy(account, paymaster) })
}

/** Solidity reads more than an encoder writes; what cannot be read here may end at any time. */
function unreadable({ paymaster }: UserOperation): Result<never> {
  return reject(rejectionCode.paymaster, 'the paymaster answers in an encoding of its own', {
    entity: 'paymaster',
    ...(paymaster && { paymaster, address: paymaster }),
    hint: 'validatePaymasterUserOp must return (bytes context, uint256 validationData) as Solidity encodes them',
  })
}

/** It must outlast the time until a bundle lands. */
function checkPeriod(
  { horizon, userOperation }: { horizon: Horizon; userOperation: UserOperation },
  { account, paymaster }: { account: ValidationData; paymaster: ValidationData | undefined },
): Result<void> {
  const period = intersection(paymaster ? [account, paymaster] : [account])
  if (outlasts(period, horizon)) return accept(undefined)
  const { validAfter, validUntil } = period
  const byPaymaster = endedBy(account, paymaster).endedBy === 'paymaster'
  return reject(rejectionCode.timeRange, `expires too soon: valid until ${validUntil}`, {
    entity: byPaymaster ? 'paymaster' : 'account',
    ...(byPaymaster && userOperation.paymaster && { paymaster: userOperation.paymaster }),
    validAfter,
    validUntil,
    hint: `it must hold until ${earliestEndSeconds(period, horizon)} or longer: for ${horizon.marginSeconds} s, as a block may take that long to come`,
  })
}

/** The paymaster where both end together: it signs last, and knows the account's end. */
function endedBy(account: ValidationData, paymaster: ValidationData | undefined): Pick<Answers, 'endedBy'> {
  const { validUntil } = intersection(paymaster ? [account, paymaster] : [account])
  if (validUntil === 0) return {}
  return { endedBy: paymaster?.validUntil === validUntil ? 'paymaster' : 'sender' }
}

/** Two blocks: one that is mined already while this is judged, and one to land in. */
const leastBlocksLeft = 2

function checkBlocks({ trace }: { trace: Trace }, validBlocks: BlockRange | undefined): Result<void> {
  const earliestEnd = Number(trace.block.number) + leastBlocksLeft
  if (validBlocks === undefined || validBlocks.until >= earliestEnd) return accept(undefined)
  return reject(rejectionCode.timeRange, `expires too soon: valid until block ${validBlocks.until}`, {
    validBlocks,
    hint: `it must hold until block ${earliestEnd} or longer`,
  })
}

// ERC-7562 [LIM-030]
function checkSpareGas({
  userOperation,
  gas,
  limits,
}: {
  userOperation: UserOperation
  gas: ValidationGas
  limits: ValidationLimits
}): Result<void> {
  const slack = limits.verificationGasSlack
  for (const [field, used] of [
    ['verificationGasLimit', gas.account],
    ['paymasterVerificationGasLimit', gas.paymaster],
  ] as const) {
    const given = userOperation[field] ?? 0n
    if (used > 0n && given < used + slack) {
      return rejectField(
        field,
        `is ${given}, too close to the ${used} that validation uses`,
        `give at least ${used + slack}`,
      )
    }
  }
  return accept(undefined)
}
