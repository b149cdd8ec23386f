// How a ComputeAccount is told what to do: one call, or a batch that happens as a whole or not at all.
import { type Address, decodeFunctionData, encodeFunctionData, type Hex } from 'viem'
import * as computeAccount from '../abi/computeAccount.ts'
import { ComputeError } from '../errors/computeError.ts'

type AccountCall = {
  readonly to: Address
  readonly data?: Hex | undefined
  /** Native wei. */
  readonly value?: bigint | undefined
}

export function encodeAccountCalls(calls: readonly AccountCall[]): Hex {
  const [first, ...others] = calls.map(({ to, value = 0n, data = '0x' }) => ({ target: to, value, data }))
  if (first !== undefined && others.length === 0) {
    return encodeFunctionData({
      abi: [computeAccount.execute],
      functionName: 'execute',
      args: [first.target, first.value, first.data],
    })
  }
  return encodeFunctionData({
    abi: [computeAccount.executeBatch],
    functionName: 'executeBatch',
    args: [first === undefined ? [] : [first, ...others]],
  })
}

export function decodeAccountCalls(
  data: Hex,
): readonly Required<{ to: Address; data: Hex; value: bigint }>[] {
  const { functionName, args } = decodeFunctionData({
    abi: [computeAccount.execute, computeAccount.executeBatch],
    data,
  })
  if (functionName === 'execute') return [{ to: args[0], value: args[1], data: args[2] }]
  if (functionName === 'executeBatch') {
    return args[0].map(({ target, value, data: inner }) => ({ to: target, value, data: inner }))
  }
  throw new ComputeError({
    problem: `${functionName} is no call of the account to others.`,
    remedy: 'Give the callData of a user operation of a ComputeAccount.',
  })
}
