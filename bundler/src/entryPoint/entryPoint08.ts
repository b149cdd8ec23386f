// EntryPoint v0.8: as v0.7, but for typed-data hashes, EIP-7702 accounts and a stricter validAfter. Cancun or later.
import { encodeErrorResult, parseAbi } from 'viem'
import { entryPoint08Abi, entryPoint08Address, getUserOperationHash } from 'viem/account-abstraction'
import { delegatingFields } from './delegation.ts'
import { entryPoint07 } from './entryPoint07.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { readFailure } from './failure.ts'
import { packedSimulation, packedStopper } from './packedOperation.ts'

export const entryPoint08: EntryPointVersion = {
  ...entryPoint07,
  number: '0.8',
  canonicalAddress: entryPoint08Address,
  wire: {
    ...entryPoint07.wire,
    fields: { ...entryPoint07.wire.fields, ...delegatingFields },
    toOperation({ eip7702Auth: authorization, ...fields }, purpose) {
      const named = authorization === undefined ? fields : { ...fields, authorization }
      return entryPoint07.wire.toOperation(named, purpose)
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
  takesAuthorizations: true,
  validAfterIsExclusive: true,
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
