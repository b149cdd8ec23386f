// EntryPoint v0.8: as v0.7, but for typed-data hashes and a stricter validAfter. Needs Cancun.
import { encodeErrorResult, parseAbi } from 'viem'
import { entryPoint08Abi, entryPoint08Address, getUserOperationHash } from 'viem/account-abstraction'
import { rejectField } from '../validation/rejection.ts'
import { entryPoint07 } from './entryPoint07.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { readFailure } from './failure.ts'
import { packedSimulation, packedStopper } from './packedOperation.ts'

/** 0x7702 and eighteen zero bytes: the hash would hold the sender's delegate in its place. */
const delegationMarker = '0x7702000000000000000000000000000000000000'

export const entryPoint08: EntryPointVersion = {
  ...entryPoint07,
  number: '0.8',
  canonicalAddress: entryPoint08Address,
  wire: {
    ...entryPoint07.wire,
    toOperation(fields, purpose) {
      if (fields.factory !== delegationMarker) return entryPoint07.wire.toOperation(fields, purpose)
      return rejectField(
        'factory',
        'marks an EIP-7702 account',
        'such accounts are not served here: deploy the account by factory',
      )
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
