// Why the EntryPoint would not take a traced operation, with what only the trace knows: silent reverts,
// the validity that has passed, gas that ran out.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Result } from '@worldland-aa/service/result'
import type { Hex } from 'viem'
import {
  decodeEntryPointFailure,
  type EntryPointFailure,
  failureCode,
  rejectFailure,
} from './entryPointFailure.ts'
import type { PhaseFacts, Trace } from './trace.ts'
import type { UserOperation } from './validatedOperation.ts'
import { accountValidation, paymasterValidation, type ValidationData } from './validationData.ts'

/** For a trace whose outcome is `passed: false`. */
export function entryPointRefusal(request: {
  trace: Trace
  userOperation: UserOperation
  revertData: Hex
}): Result<never> {
  const { trace, userOperation } = request
  const failure = decodeEntryPointFailure(request.revertData) ?? silentFailure(trace)
  const code = failureCode(failure)
  const { sender, paymaster } = trace.phases
  switch (code) {
    case 'AA22':
      return rejectFailure(failure, userOperation, {
        data: period(accountValidation(sender?.output ?? '0x')),
      })
    case 'AA32':
      return rejectFailure(failure, userOperation, {
        data: period(paymasterValidation(paymaster?.output ?? '0x')),
      })
    case 'AA24': {
      // ERC-7562 [EREP-040]: staked or not, none is served.
      const isAggregated = (accountValidation(sender?.output ?? '0x')?.aggregator ?? 0n) > 1n
      return rejectFailure(failure, userOperation, isAggregated ? aggregated : {})
    }
    default: {
      const hint = starvation(code, trace)
      return rejectFailure(failure, userOperation, hint === undefined ? {} : { data: { hint } })
    }
  }
}

const aggregated = {
  code: rejectionCode.aggregator,
  data: { hint: 'signature aggregators are not served here: use an account without one' },
}

/** Where v0.7 reverts without a word: a call to no code, or an answer that is none. */
function silentFailure({ phases: { sender, paymaster } }: Trace): EntryPointFailure {
  if (sender === undefined || ranNoCode(sender)) return { reason: 'AA20 account not deployed', inner: '0x' }
  if (accountValidation(sender.output) === undefined) {
    return { reason: 'AA23 reverted (validateUserOp returned no validationData)', inner: '0x' }
  }
  if (paymaster === undefined || ranNoCode(paymaster)) {
    return { reason: 'AA30 paymaster not deployed', inner: '0x' }
  }
  return {
    reason: 'AA33 reverted (validatePaymasterUserOp returned no context and validationData)',
    inner: '0x',
  }
}

function ranNoCode({ opcodes }: PhaseFacts): boolean {
  return Object.keys(opcodes).length === 0
}

function period(answer: ValidationData | undefined) {
  return { validAfter: answer?.validAfter ?? 0, validUntil: answer?.validUntil ?? 0 }
}

/** A way out that the AAxx code alone cannot know. */
function starvation(code: string, { phases }: Trace): string | undefined {
  const [role, field] =
    code === 'AA33'
      ? (['paymaster', 'paymasterVerificationGasLimit'] as const)
      : ([code === 'AA13' ? 'factory' : 'sender', 'verificationGasLimit'] as const)
  if (!['AA13', 'AA23', 'AA33'].includes(code) || !phases[role]?.outOfGas.length) return undefined
  return `the call ran out of gas: raise ${field}`
}
