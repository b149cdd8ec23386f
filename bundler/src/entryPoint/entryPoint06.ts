// EntryPoint v0.6: unpacked operations, one verification limit for account and paymaster. Runs anywhere.
import { errorDecoder } from '@worldland-aa/sdk/protocol/errorDecoder'
import { accept, type Result } from '@worldland-aa/service/result'
import {
  encodeAbiParameters,
  encodeErrorResult,
  encodeFunctionData,
  getAddress,
  type Hex,
  parseAbi,
  size,
  slice,
  zeroAddress,
} from 'viem'
import {
  entryPoint06Abi,
  entryPoint06Address,
  getUserOperationHash,
  type UserOperation as ViemUserOperation,
} from 'viem/account-abstraction'
import { rejectField } from '../validation/rejection.ts'
import type { ValidationGas } from '../validation/trace.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { bundleDecoder } from './bundleDecoder.ts'
import type { EntryPointVersion } from './entryPointVersion.ts'
import { readFailure } from './failure.ts'
import { operationTuple } from './operationTuple.ts'
import { packedSelectors, tail } from './packedOperation.ts'
import { stakeAt } from './stake.ts'
import { commonFields } from './wireShape.ts'

type Unpacked = Omit<ViemUserOperation<'0.6'>, 'initCode' | 'paymasterAndData'> & {
  readonly initCode: Hex
  readonly paymasterAndData: Hex
}

const tuple = operationTuple(entryPoint06Abi)
const decodeError = errorDecoder(entryPoint06Abi)
const unpackedOnly = ['is a field of v0.7 and later', 'give initCode and paymasterAndData'] as const

export const entryPoint06: EntryPointVersion = {
  number: '0.6',
  canonicalAddress: entryPoint06Address,
  wire: {
    fields: {
      ...commonFields,
      initCode: ['bytes', 'optional'],
      paymasterAndData: ['bytes', 'optional'],
    },
    foreign: Object.fromEntries(
      [
        'factory',
        'factoryData',
        'paymaster',
        'paymasterVerificationGasLimit',
        'paymasterPostOpGasLimit',
        'paymasterData',
      ].map(name => [name, unpackedOnly]),
    ),
    toOperation: fields => fromWire(fields as unknown as Unpacked),
    fromOperation: toUnpacked,
  },
  selectors: {
    handleOps: '0x1fad948c',
    handleAggregatedOps: '0x4b1d7cf5',
    createSender: '0x570e1a36',
    initEip7702Sender: packedSelectors.initEip7702Sender,
    validateUserOp: '0x3a871cdd',
    validatePaymasterUserOp: '0xf465c77e',
    innerHandleOp: '0x1d732756',
    postOp: '0xa9a23409',
  },
  encode: userOperation => encodeTuple(toUnpacked(userOperation)),
  decode: bundleDecoder(entryPoint06Abi, fromUnpacked),
  hash: (userOperation, { chainId, entryPoint }) =>
    getUserOperationHash({
      userOperation: toUnpacked(userOperation),
      chainId,
      entryPointAddress: entryPoint,
      entryPointVersion: '0.6',
    }),
  failureOf: readFailure(entryPoint06Abi),
  // The paymaster's validation and postOp may each take verificationGasLimit once more.
  prefundGas: ({ callGasLimit, verificationGasLimit, preVerificationGas, paymaster }) =>
    callGasLimit + verificationGasLimit * (paymaster === undefined ? 1n : 3n) + preVerificationGas,
  executionGas: ({ callGasLimit, verificationGasLimit }) => callGasLimit + verificationGasLimit + 5_000n,
  leastExecutionGas: () => 0n,
  hasPaymasterLimits: false,
  // Its paymaster has no limit of its own.
  paymasterOverhead: { gas: 0, operationWord: 0, contextWord: 0 },
  validAfterIsExclusive: false,
  hasBlockRanges: false,
  ignoresNeedlessFactory: false,
  stopper: {
    // One byte is too short for the address of a paymaster. AA93
    encoded: encodeTuple({
      sender: zeroAddress,
      nonce: 0n,
      initCode: '0x',
      callData: '0x',
      callGasLimit: 0n,
      verificationGasLimit: 0n,
      preVerificationGas: 0n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      paymasterAndData: '0x00',
      signature: '0x',
    }),
    revertData: encodeErrorResult({
      abi: parseAbi(['error Error(string)']),
      args: ['AA93 invalid paymasterAndData'],
    }),
  },
  validationGas: meteredValidation,
  // DepositInfo: 112 bits of deposit, `staked`, the stake; what follows does not fit into the same word.
  stakeIn: (first, second) => stakeAt({ word: first, at: 112n }, { word: second, at: 0n }),
  // Words of the call: the offset of callData, then eight of the operation, its hash, prefund, context, preOpGas.
  preOpGas: innerHandleOp => BigInt(slice(innerHandleOp, 4 + 12 * 32, 4 + 13 * 32)),
  unmetered: {
    bundle: 13_600,
    operation: 7_900,
    cappedRefund: 1_400,
    callDataWord: 10,
    memoryWord: 82,
    executeUserOp: 0,
  },
  simulation: {
    code: undefined,
    encode: userOperation =>
      encodeFunctionData({
        abi: entryPoint06Abi,
        functionName: 'simulateHandleOp',
        args: [toUnpacked(userOperation), zeroAddress, '0x'],
      }),
    // It always reverts, and says how it went by the error.
    preOpGas({ output = '0x' }) {
      const error = decodeError(output)
      return error?.errorName === 'ExecutionResult' ? (error.args[0] as bigint) : undefined
    },
  },
}

function encodeTuple(unpacked: Unpacked): Hex {
  return encodeAbiParameters([tuple], [unpacked] as never)
}

/** GAS is read when validation begins, around the account's phase, at AA40, for preOpGas, and by the operation behind. */
function meteredValidation(readings: readonly number[]): ValidationGas {
  const [start, , , afterAll, preOperation] = readings
  if (start === undefined || afterAll === undefined || preOperation === undefined) {
    throw new Error('The EntryPoint does not meter validation as v0.6 does')
  }
  return { account: BigInt(start - afterAll), paymaster: 0n, total: BigInt(start - preOperation) }
}

function fromWire(fields: Unpacked): Result<UserOperation> {
  const { initCode = '0x', paymasterAndData = '0x' } = fields
  for (const [name, bytes] of Object.entries({ initCode, paymasterAndData })) {
    if (bytes !== '0x' && size(bytes) < 20) {
      return rejectField(name, `holds ${size(bytes)} bytes`, 'it begins with an address, or is empty')
    }
  }
  return accept(fromUnpacked({ ...fields, initCode, paymasterAndData }))
}

function fromUnpacked({ initCode, paymasterAndData, ...rest }: Unpacked): UserOperation {
  return {
    ...rest,
    ...(size(initCode) >= 20 && {
      factory: getAddress(slice(initCode, 0, 20)),
      factoryData: tail(initCode, 20),
    }),
    ...(size(paymasterAndData) >= 20 && {
      paymaster: getAddress(slice(paymasterAndData, 0, 20)),
      paymasterData: tail(paymasterAndData, 20),
    }),
  }
}

function toUnpacked(operation: UserOperation): Unpacked {
  const { factory = '0x', factoryData = '0x', paymaster = '0x', paymasterData = '0x' } = operation
  return {
    sender: operation.sender,
    nonce: operation.nonce,
    initCode: `${factory}${factoryData.slice(2)}`,
    callData: operation.callData,
    callGasLimit: operation.callGasLimit,
    verificationGasLimit: operation.verificationGasLimit,
    preVerificationGas: operation.preVerificationGas,
    maxFeePerGas: operation.maxFeePerGas,
    maxPriorityFeePerGas: operation.maxPriorityFeePerGas,
    paymasterAndData: `${paymaster}${paymasterData.slice(2)}`,
    signature: operation.signature,
    ...(operation.authorization && { authorization: operation.authorization }),
  }
}
