// What v0.7, v0.8 and v0.9 have in common: the packed struct, five gas limits, and when they read GAS.
import { createRequire } from 'node:module'
import { paymasterLayout as at } from '@worldland-aa/sdk/protocol/paymasterLayout'
import {
  type Abi,
  type AbiFunction,
  concatHex,
  getAbiItem,
  type Hex,
  numberToHex,
  size,
  slice,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { entryPoint07Abi, type PackedUserOperation, toPackedUserOperation } from 'viem/account-abstraction'
import type { ValidationGas } from '../validation/trace.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { bundleDecoder } from './bundleDecoder.ts'
import type { EntryPointSelectors, SimulationCall, Stopper } from './entryPointVersion.ts'
import { encodePackedWords } from './packedWords.ts'

export const packedSelectors: EntryPointSelectors = {
  handleOps: '0x765e827f',
  handleAggregatedOps: '0xdbed18e0',
  createSender: '0x570e1a36',
  initEip7702Sender: '0xc09ad0d9',
  validateUserOp: '0x19822f7c',
  validatePaymasterUserOp: '0x52b7512c',
  innerHandleOp: '0x0042dc53',
  postOp: '0x7c627b21',
}

export function encodePacked(userOperation: UserOperation): Hex {
  return encodePackedWords(toPackedUserOperation(userOperation))
}

/** paymasterAndData of one byte: neither absent nor long enough to hold an address. AA93 */
export function packedStopper(revertData: Hex): Stopper {
  const encoded = encodePackedWords({
    sender: zeroAddress,
    nonce: 0n,
    initCode: '0x',
    callData: '0x',
    accountGasLimits: zeroHash,
    preVerificationGas: 0n,
    gasFees: zeroHash,
    paymasterAndData: '0x00',
    signature: '0x',
  })
  return { encoded, revertData }
}

export const decodePacked = bundleDecoder(entryPoint07Abi, unpack)

function unpack(packed: PackedUserOperation): UserOperation {
  const [verificationGasLimit, callGasLimit] = halves(packed.accountGasLimits)
  const [maxPriorityFeePerGas, maxFeePerGas] = halves(packed.gasFees)
  return {
    sender: packed.sender,
    nonce: packed.nonce,
    ...(size(packed.initCode) >= 20 && {
      factory: slice(packed.initCode, 0, 20),
      factoryData: tail(packed.initCode, 20),
    }),
    callData: packed.callData,
    callGasLimit,
    verificationGasLimit,
    preVerificationGas: packed.preVerificationGas,
    maxFeePerGas,
    maxPriorityFeePerGas,
    ...(size(packed.paymasterAndData) >= at.mode && {
      paymaster: slice(packed.paymasterAndData, 0, at.verificationGasLimit),
      paymasterVerificationGasLimit: BigInt(
        slice(packed.paymasterAndData, at.verificationGasLimit, at.postOpGasLimit),
      ),
      paymasterPostOpGasLimit: BigInt(slice(packed.paymasterAndData, at.postOpGasLimit, at.mode)),
      paymasterData: tail(packed.paymasterAndData, at.mode),
    }),
    signature: packed.signature,
  }
}

function halves(word: Hex): readonly [bigint, bigint] {
  return [BigInt(slice(word, 0, 16)), BigInt(slice(word, 16, 32))]
}

/** viem's `slice` refuses to begin at the end. */
export function tail(bytes: Hex, from: number): Hex {
  return size(bytes) === from ? '0x' : slice(bytes, from)
}

/** All five limits. */
export function sumOfLimits(userOperation: UserOperation): bigint {
  return (
    userOperation.verificationGasLimit +
    userOperation.callGasLimit +
    (userOperation.paymasterVerificationGasLimit ?? 0n) +
    (userOperation.paymasterPostOpGasLimit ?? 0n) +
    userOperation.preVerificationGas
  )
}

const innerOverheadGas = 10_000n

/** What innerHandleOp asks for: INNER_GAS_OVERHEAD above the limits of execution. */
export function innerHandleOpGas(userOperation: UserOperation): bigint {
  return userOperation.callGasLimit + (userOperation.paymasterPostOpGasLimit ?? 0n) + innerOverheadGas
}

/**
 * GAS is read when validation begins, at AA26, around the paymaster's phase if there is one, for preOpGas, and
 * once more for the operation behind ours.
 */
export function meteredValidation(readings: readonly number[]): ValidationGas {
  const [start, afterAccount, paymasterStart, afterPaymaster] = readings
  const preOperation = readings.at(-2)
  if (start === undefined || afterAccount === undefined || preOperation === undefined) {
    throw new Error('The EntryPoint does not meter validation as its version does')
  }
  const hasPaymaster = readings.length === 6
  return {
    account: BigInt(start - afterAccount),
    paymaster: hasPaymaster ? BigInt((paymasterStart ?? 0) - (afterPaymaster ?? 0)) : 0n,
    total: BigInt(start - preOperation),
  }
}

/** The version's own EntryPointSimulations, put in the EntryPoint's place for the length of one call. */
export function packedSimulation(contracts: string): SimulationCall {
  const { abi, deployedBytecode }: { abi: Abi; deployedBytecode: Hex } = createRequire(import.meta.url)(
    `${contracts}/artifacts/EntryPointSimulations.json`,
  )
  const selector = toFunctionSelector(getAbiItem({ abi, name: 'simulateHandleOp' }) as AbiFunction)
  return {
    code: deployedBytecode,
    encode: userOperation => encodeSimulation(selector, encodePacked(userOperation)),
    preOpGas({ error, output = '0x' }) {
      if (error !== undefined) return undefined
      // A struct behind its offset; preOpGas comes first.
      return BigInt(slice(output, 32, 64))
    },
  }
}

const wordBytes = 32

/** simulateHandleOp(operation, nobody, nothing): no call is made behind the operation's own. */
function encodeSimulation(selector: Hex, encoded: Hex): Hex {
  const operationAt = 3 * wordBytes
  const operation = slice(encoded, wordBytes)
  const word = (value: number): Hex => numberToHex(value, { size: wordBytes })
  return concatHex([
    selector,
    ...[word(operationAt), zeroHash, word(operationAt + size(operation))],
    ...[operation, zeroHash],
  ])
}
