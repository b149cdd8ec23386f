// Why the EntryPoint would not take a traced operation, with what only the trace knows: silent reverts,
// the validity that has passed, gas that ran out.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Result } from '@worldland-aa/service/result'
import type { Hex } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { EntryPointFailure } from '../entryPoint/failure.ts'
import { failureCode, rejectFailure } from './entryPointFailure.ts'
import { reject } from './rejection.ts'
import type { PhaseFacts, Trace } from './trace.ts'
import type { UserOperation } from './validatedOperation.ts'
import { accountValidation, paymasterValidation, type ValidationData } from './validationData.ts'

/** For a trace whose outcome is `passed: false`. */
export function entryPointRefusal(request: {
  trace: Trace
  userOperation: UserOperation
  revertData: Hex
  stepLimit?: number
  version: EntryPointVersion
}): Result<never> {
  const { trace, userOperation, version } = request
  if (request.stepLimit !== undefined) return tooLong(request.stepLimit, userOperation)
  const failure = version.failureOf(request.revertData) ?? silentFailure(trace, version)
  const code = failureCode(failure)
  const { sender, paymaster } = trace.phases
  switch (code) {
    case 'AA22':
    case 'AA27':
      return rejectFailure(failure, userOperation, {
        data: period(accountValidation(sender?.output ?? '0x', version)),
      })
    case 'AA32':
    case 'AA37':
      return rejectFailure(failure, userOperation, {
        data: period(paymasterValidation(paymaster?.output ?? '0x', version)),
      })
    case 'AA24': {
      // ERC-7562 [EREP-040]: staked or not, none is served. [EREP-016]: so none has a record to keep clean.
      const isAggregated = (accountValidation(sender?.output ?? '0x', version)?.aggregator ?? 0n) > 1n
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

/** A bundler that ran it to its end could be kept from its other work. */
function tooLong(stepLimit: number, { sender }: UserOperation): Result<never> {
  return reject(rejectionCode.entryPoint, `validation takes more than ${stepLimit} steps`, {
    entity: 'account',
    address: sender,
    hint: 'validate with less work: move what can wait to the execution',
  })
}

/** Where an EntryPoint reverts without a word: a call to no code, or an answer that is none. */
function silentFailure(
  { phases: { sender, paymaster } }: Trace,
  version: EntryPointVersion,
): EntryPointFailure {
  if (sender === undefined || ranNoCode(sender)) return silent('AA20 account not deployed')
  if (accountValidation(sender.output, version) === undefined) {
    return silent('AA23 reverted (validateUserOp returned no validationData)')
  }
  if (paymaster === undefined || ranNoCode(paymaster)) {
    return silent('AA30 paymaster not deployed')
  }
  return silent('AA33 reverted (validatePaymasterUserOp returned no context and validationData)')
}

function silent(reason: string): EntryPointFailure {
  return { reason, inner: '0x', index: undefined }
}

function ranNoCode({ opcodes }: PhaseFacts): boolean {
  return Object.keys(opcodes).length === 0
}

function period(answer: ValidationData | undefined) {
  const { validAfter = 0, validUntil = 0, blocks } = answer ?? {}
  return { validAfter, validUntil, ...(blocks && { validBlocks: blocks }) }
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
