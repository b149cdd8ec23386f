// What a refusal of the EntryPoint means to the one who is refused: whose phase it was, which code ERC-7769
// gives it, and a way out.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Result } from '@worldland-aa/service/result'
import { deployingFactory } from '../entryPoint/delegation.ts'
import type { EntryPointFailure } from '../entryPoint/failure.ts'
import { type RejectionData, reject } from './rejection.ts'
import { revertReason } from './revertReason.ts'
import type { Violation } from './rules/rule.ts'
import type { UserOperation } from './validatedOperation.ts'

/** `AA23` of "AA23 reverted". */
export function failureCode({ reason }: EntryPointFailure): string {
  return reason.slice(0, 4)
}

/** The refusal a client gets. `special` wins over what the AAxx code alone would say. */
export function rejectFailure(
  failure: EntryPointFailure,
  userOperation: UserOperation,
  special: { readonly code?: number; readonly data?: RejectionData } = {},
): Result<never> {
  const { reason, inner } = failure
  const code = failureCode(failure)
  const entity = entityOf(code, userOperation)
  const said = revertReason(inner)
  return reject(
    special.code ?? rejectionCodes[code] ?? fallbackCode(entity),
    said === undefined ? reason : `${reason}: ${said}`,
    {
      reason,
      hint: hints[code] ?? 'simulate handleOps with this operation to see where it stops',
      ...(inner !== '0x' && { revertData: inner }),
      ...(entity && { entity, address: addressOf(entity, userOperation) }),
      ...(entity === 'paymaster' && userOperation.paymaster && { paymaster: userOperation.paymaster }),
      ...special.data,
    },
  )
}

const rejectionCodes: Readonly<Record<string, number>> = {
  AA22: rejectionCode.timeRange,
  AA24: rejectionCode.signature,
  AA27: rejectionCode.timeRange,
  AA32: rejectionCode.timeRange,
  AA34: rejectionCode.signature,
  AA37: rejectionCode.timeRange,
}

function fallbackCode(entity: Violation['entity'] | undefined): number {
  return entity === 'paymaster' ? rejectionCode.paymaster : rejectionCode.entryPoint
}

function entityOf(code: string, { factory }: UserOperation): Violation['entity'] | undefined {
  if (code.startsWith('AA1')) return deployingFactory(factory) === undefined ? 'account' : 'factory'
  if (code.startsWith('AA2')) return 'account'
  return code.startsWith('AA3') ? 'paymaster' : undefined
}

function addressOf(entity: Violation['entity'], { sender, factory, paymaster }: UserOperation) {
  return { account: sender, factory: factory ?? sender, paymaster: paymaster ?? sender }[entity]
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
  AA27: 'sign the operation again with a validity that covers the next blocks',
  AA30: 'check the address of the paymaster and the chain',
  AA31: "the paymaster's operator must deposit more in the EntryPoint; or lower the gas limits or fees",
  AA32: 'ask the paymaster for new paymasterData',
  AA33: 'the paymaster refused: ask it for new paymasterData for exactly this operation',
  AA34: 'ask the paymaster for new paymasterData once all gas limits and fees are settled: it signs them, and does not recognise its signature on this operation',
  AA36: 'raise paymasterVerificationGasLimit',
  AA37: 'ask the paymaster for new paymasterData',
  AA40: 'raise verificationGasLimit; eth_estimateUserOperationGas tells how far',
  AA41: 'raise verificationGasLimit: the account leaves nothing of it to the paymaster',
  AA94: 'no gas or fee value may exceed 120 bits',
}
