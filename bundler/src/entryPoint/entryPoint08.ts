// EntryPoint v0.8: as v0.7, but for typed-data hashes and a stricter validAfter. Needs Cancun.
import { accept, type Result } from '@worldland-aa/service/result'
import { encodeErrorResult, parseAbi } from 'viem'
import { entryPoint08Abi, entryPoint08Address, getUserOperationHash } from 'viem/account-abstraction'
import { lesser } from '../extremes.ts'
import { rejectField } from '../validation/rejection.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { delegationMarker } from './delegation.ts'
import { entryPoint07 } from './entryPoint07.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { readFailure } from './failure.ts'
import { packedSimulation, packedStopper } from './packedOperation.ts'

/** PENALTY_GAS_THRESHOLD */
const fineThresholdGas = 40_000n

export const entryPoint08: EntryPointVersion = {
  ...entryPoint07,
  number: '0.8',
  canonicalAddress: entryPoint08Address,
  wire: {
    ...entryPoint07.wire,
    fields: { ...entryPoint07.wire.fields, factory: ['factory', 'optional'] },
    toOperation(fields, purpose) {
      const operation = entryPoint07.wire.toOperation(fields, purpose)
      return operation.ok ? checkMarker(operation.value) : operation
    },
  },
  hash: (userOperation, { chainId, entryPoint }) =>
    getUserOperationHash({
      userOperation,
      chainId,
      entryPointAddress: entryPoint,
      entryPointVersion: '0.8',
    }),
  failureOf: readFailure(entryPoint08Abi, {
    SignatureValidationFailed: 'AA96 invalid aggregator',
    ReentrancyGuardReentrantCall: 'EntryPoint: the sender of the bundle is not a plain account',
  }),
  // As before, but only if more than the threshold is unused; postOp is not even called without a context.
  leastExecutionGas: ({ callGasLimit }) =>
    callGasLimit <= fineThresholdGas ? 0n : lesser(callGasLimit / 10n, callGasLimit - fineThresholdGas),
  validAfterIsExclusive: true,
  paymasterOverhead: { gas: 6_800, operationWord: 3, contextWord: 6 },
  stopper: packedStopper(
    encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['AA93 invalid paymasterAndData'] }),
  ),
  unmetered: {
    ...entryPoint07.unmetered,
    bundle: 11_900,
    operation: 7_520,
    memoryWord: 22,
    executeUserOp: 1_450,
  },
  simulation: packedSimulation('aa-contracts-08'),
}

/** The hash holds the delegate where the marker stands: it must be known. What stands behind it calls the account. */
function checkMarker(operation: UserOperation): Result<UserOperation> {
  const { factory, authorization } = operation
  if (factory !== delegationMarker) return accept(operation)
  if (authorization === undefined) {
    return rejectField(
      'factory',
      'marks an EIP-7702 account, and eip7702Auth is not given',
      'give eip7702Auth, or leave factory out if the account delegates already',
    )
  }
  return accept(operation)
}
