// Reads a user operation out of the calldata of whoever bundled it.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, decodeFunctionData, type Hex, size, slice, toFunctionSelector } from 'viem'
import type { PackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../validation/validatedOperation.ts'

const selectors = entryPoint07Abi
  .filter(item => item.type === 'function')
  .filter(item => item.name === 'handleOps' || item.name === 'handleAggregatedOps')
  .map(item => toFunctionSelector(item).slice(2))

/** The operation of this sender and nonce; also when a contract stands between the bundler and the EntryPoint. */
export function findUserOperation(
  calldata: Hex,
  { sender, nonce }: { sender: Address; nonce: bigint },
): UserOperation | undefined {
  for (const call of handleOpsCalls(calldata)) {
    const packed = readOperations(call).find(
      operation => operation.sender.toLowerCase() === sender.toLowerCase() && operation.nonce === nonce,
    )
    if (packed !== undefined) return unpack(packed)
  }
  return undefined
}

/** Wherever a call to the EntryPoint may begin in the calldata. */
function* handleOpsCalls(calldata: Hex): Iterable<Hex> {
  for (const selector of selectors) {
    for (let at = calldata.indexOf(selector, 2); at !== -1; at = calldata.indexOf(selector, at + 1)) {
      if (at % 2 === 0) yield `0x${calldata.slice(at)}`
    }
  }
}

function readOperations(data: Hex): readonly PackedUserOperation[] {
  try {
    const { functionName, args } = decodeFunctionData({ abi: entryPoint07Abi, data })
    if (functionName === 'handleOps') return args[0]
    if (functionName === 'handleAggregatedOps') return args[0].flatMap(({ userOps }) => userOps)
  } catch {
    // The four bytes were part of something else.
  }
  return []
}

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
    ...(size(packed.paymasterAndData) >= 52 && {
      paymaster: slice(packed.paymasterAndData, 0, 20),
      paymasterVerificationGasLimit: BigInt(slice(packed.paymasterAndData, 20, 36)),
      paymasterPostOpGasLimit: BigInt(slice(packed.paymasterAndData, 36, 52)),
      paymasterData: tail(packed.paymasterAndData, 52),
    }),
    signature: packed.signature,
  }
}

function halves(word: Hex): readonly [bigint, bigint] {
  return [BigInt(slice(word, 0, 16)), BigInt(slice(word, 16, 32))]
}

function tail(bytes: Hex, from: number): Hex {
  return size(bytes) === from ? '0x' : slice(bytes, from)
}
