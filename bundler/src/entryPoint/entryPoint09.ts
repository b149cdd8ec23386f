// EntryPoint v0.9: as v0.8, but a paymaster may sign after the account, validity may be counted in blocks, an account
// that exists may bring its factory, and errors have names of their own. Cancun or later.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Abi, encodeErrorResult, type Hex, parseAbi, size, slice } from 'viem'
import { entryPoint09Abi, entryPoint09Address, getUserOperationHash } from 'viem/account-abstraction'
import { rejectField } from '../validation/rejection.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { entryPoint08 } from './entryPoint08.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { readFailure } from './failure.ts'
import { packedSimulation, packedStopper } from './packedOperation.ts'
import type { Purpose } from './wireShape.ts'

/** Ends paymasterAndData, behind the length of the signature in two bytes. */
const signatureMagic = '22e325a297439656'
const suffixBytes = 10

const errors: Abi = [...entryPoint09Abi, ...parseAbi(['error PaymasterNotDeployed(address paymaster)'])]

export const entryPoint09: EntryPointVersion = {
  ...entryPoint08,
  number: '0.9',
  canonicalAddress: entryPoint09Address,
  wire: {
    ...entryPoint08.wire,
    fields: { ...entryPoint08.wire.fields, paymasterSignature: ['bytes', 'optional'] },
    toOperation(fields, purpose) {
      const whole = entryPoint08.wire.toOperation(fields, purpose)
      return whole.ok ? apartFromSignature(whole.value, purpose) : whole
    },
  },
  decode(calldata, name, from) {
    const { found, wordsRead } = entryPoint08.decode(calldata, name, from)
    if (found === undefined) return { wordsRead }
    const operations = found.operations.map(operation => splitSignature(operation) ?? operation)
    return { found: { ...found, operations }, wordsRead }
  },
  hash: (userOperation, { chainId, entryPoint }) =>
    getUserOperationHash({
      userOperation,
      chainId,
      entryPointAddress: entryPoint,
      entryPointVersion: '0.9',
    }),
  failureOf: readFailure(errors, {
    FailedSendToBeneficiary: 'AA91 failed send to beneficiary',
    InternalFunction: 'AA92 internal call only',
    InvalidBeneficiary: 'AA90 invalid beneficiary',
    InvalidPaymaster: 'AA98 invalid paymaster',
    InvalidPaymasterData: 'AA93 invalid paymasterAndData',
    InvalidPaymasterSignatureLength: 'AA93 invalid paymasterAndData: its signature is longer than it',
    PaymasterNotDeployed: 'AA30 paymaster not deployed',
    SignatureValidationFailed: 'AA96 invalid aggregator',
    Eip7702SenderNotDelegate: 'AA20 account not deployed: the sender is no EIP-7702 delegate',
    Eip7702SenderWithoutCode: 'AA20 account not deployed: the sender has no EIP-7702 delegate',
    Reentrancy: 'EntryPoint: the sender of the bundle is not a plain account',
  }),
  hasBlockRanges: true,
  // IgnoredInitCode
  ignoresNeedlessFactory: true,
  stopper: packedStopper(
    encodeErrorResult({ abi: entryPoint09Abi, errorName: 'InvalidPaymasterData', args: [1n] }),
  ),
  simulation: packedSimulation('aa-contracts-09'),
}

/** A signature within paymasterData counts as one beside it, or the hash would not be the contract's. */
function apartFromSignature(operation: UserOperation, purpose: Purpose): Result<UserOperation> {
  const { paymasterSignature, ...rest } = operation
  if (paymasterSignature === undefined) return accept(splitSignature(operation) ?? operation)
  if (paymasterSignature !== '0x') return accept(operation)
  // An empty one is part of what the account signs (v0.9 hashes its length), a later one is not.
  if (purpose === 'estimate') return accept(rest)
  return rejectField('paymasterSignature', 'is empty', 'give the signature, or leave the field out')
}

function splitSignature(operation: UserOperation): UserOperation | undefined {
  const { paymasterData = '0x' } = operation
  if (!paymasterData.endsWith(signatureMagic)) return undefined
  const bytes = size(paymasterData)
  const signed = bytes - suffixBytes
  if (signed < 0) return undefined
  const length = Number(slice(paymasterData, signed, signed + 2))
  if (length === 0 || length > signed) return undefined
  const start = signed - length
  return {
    ...operation,
    paymasterData: start === 0 ? '0x' : slice(paymasterData, 0, start),
    paymasterSignature: slice(paymasterData, start, signed) as Hex,
  }
}
