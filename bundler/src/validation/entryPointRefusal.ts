// Why the EntryPoint itself would not take an operation: its AAxx text, what reverted inside, a way out,
// and the code that ERC-7769 gives it.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Result } from '@worldland-aa/service/result'
import { decodeErrorResult, type Hex, parseAbi } from 'viem'
import { type RejectionData, reject } from './rejection.ts'
import { revertReason } from './revertReason.ts'
import type { Violation } from './rules/rule.ts'
import type { PhaseFacts, Trace } from './trace.ts'
import type { UserOperation } from './validatedOperation.ts'
import { accountValidation, paymasterValidation } from './validationData.ts'

type Failure = { readonly reason: string; readonly inner: Hex }

const errors = [...entryPoint07Abi, ...parseAbi(['error Error(string)'])]

/** For a trace whose outcome is `passed: false`. */
export function entryPointRefusal(request: {
  trace: Trace
  userOperation: UserOperation
  revertData: Hex
}): Result<never> {
  const { trace, userOperation } = request
  const failure = decodeFailure(request.revertData) ?? silentFailure(trace)
  const { reason, inner } = failure
  const code = reason.slice(0, 4)
  const entity = entityOf(code)
  const said = revertReason(inner)
  const data: RejectionData = {
    reason,
    hint: hintFor(code, trace),
    ...(inner !== '0x' && { revertData: inner }),
    ...(entity && { entity, address: addressOf(entity, userOperation) }),
    ...(entity === 'paymaster' && userOperation.paymaster && { paymaster: userOperation.paymaster }),
  }
  const message = said === undefined ? reason : `${reason}: ${said}`
  if (code === 'AA22' || code === 'AA32')
    return reject(rejectionCode.timeRange, message, { ...data, ...timeRange(code, trace) })
  return reject(rejectionCodeOf(code, trace), message, data)
}

/** FailedOp, FailedOpWithRevert, or a plain string (AA93, AA94). */
function decodeFailure(revertData: Hex): Failure | undefined {
  try {
    const decoded = decodeErrorResult({ abi: errors, data: revertData })
    switch (decoded.errorName) {
      case 'FailedOp':
        return { reason: decoded.args[1], inner: '0x' }
      case 'FailedOpWithRevert':
        return { reason: decoded.args[1], inner: decoded.args[2] }
      case 'Error':
        return { reason: decoded.args[0], inner: '0x' }
      default:
        return { reason: decoded.errorName, inner: revertData }
    }
  } catch {
    return undefined
  }
}

/** Where v0.7 reverts without a word: a call to no code, or an answer that is none. */
function silentFailure({ phases: { sender, paymaster } }: Trace): Failure {
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

function entityOf(code: string): Violation['entity'] | undefined {
  if (code.startsWith('AA1')) return 'factory'
  if (code.startsWith('AA2')) return 'account'
  return code.startsWith('AA3') ? 'paymaster' : undefined
}

export function addressOf(entity: Violation['entity'], { sender, factory, paymaster }: UserOperation) {
  return { account: sender, factory: factory ?? sender, paymaster: paymaster ?? sender }[entity]
}

function rejectionCodeOf(code: string, trace: Trace): number {
  if (code === 'AA24') {
    const answer = accountValidation(trace.phases.sender?.output ?? '0x')
    return answer !== undefined && answer.aggregator > 1n ? rejectionCode.aggregator : rejectionCode.signature
  }
  if (code === 'AA34') return rejectionCode.signature
  return code.startsWith('AA3') ? rejectionCode.paymaster : rejectionCode.entryPoint
}

function timeRange(code: string, { phases }: Trace): { validAfter: number; validUntil: number } {
  const answer =
    code === 'AA22'
      ? accountValidation(phases.sender?.output ?? '0x')
      : paymasterValidation(phases.paymaster?.output ?? '0x')
  return { validAfter: answer?.validAfter ?? 0, validUntil: answer?.validUntil ?? 0 }
}

function hintFor(code: string, { phases }: Trace): string {
  const outOfGas = (role: 'factory' | 'sender' | 'paymaster', field: string): string | undefined =>
    phases[role]?.outOfGas.length ? `the call ran out of gas: raise ${field}` : undefined
  const special = {
    AA13: outOfGas('factory', 'verificationGasLimit'),
    AA23: outOfGas('sender', 'verificationGasLimit'),
    AA33: outOfGas('paymaster', 'paymasterVerificationGasLimit'),
  }[code]
  return special ?? hints[code] ?? 'simulate handleOps with this operation to see where it stops'
}

const hints: Readonly<Record<string, string>> = {
  AA10: 'the account exists already: leave factory and factoryData out',
  AA13: 'the factory failed: check factory, factoryData and verificationGasLimit',
  AA14: 'the factory makes another address than sender: check salt and owner in factoryData',
  AA15: 'the factory answered with sender but put no code there',
  AA20: 'give factory and factoryData to deploy the account with its first operation',
  AA21: 'fund the account or its deposit in the EntryPoint, lower the gas limits or fees, or use a paymaster',
  AA22: 'sign the operation again with a validity that covers the next minutes',
  AA23: 'validateUserOp reverted: check the signature and what the account expects of the operation',
  AA24: 'sign the hash of exactly this operation, for this EntryPoint and chain, with a key of the account',
  AA25: 'ask EntryPoint.getNonce(sender, key) for the next nonce',
  AA26: 'raise verificationGasLimit; eth_estimateUserOperationGas tells how far',
  AA30: 'check the address of the paymaster and the chain',
  AA31: "the paymaster's operator must deposit more in the EntryPoint; or lower the gas limits or fees",
  AA32: 'ask the paymaster for new paymasterData',
  AA33: 'the paymaster refused: ask it for new paymasterData for exactly this operation',
  AA34: 'ask the paymaster for new paymasterData: it does not recognise its signature on this operation',
  AA36: 'raise paymasterVerificationGasLimit',
  AA94: 'no gas or fee value may exceed 120 bits',
}
