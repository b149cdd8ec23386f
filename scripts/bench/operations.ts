// What is sent: no-op operations of SimpleAccounts, signed before the clock starts.
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { type Address, concat, encodeFunctionData, numberToHex } from 'viem'
import { getUserOperationHash, type UserOperation } from 'viem/account-abstraction'
import type { Lane } from './lanes.ts'

export type GasFields = Pick<
  UserOperation<'0.7'>,
  'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas' | 'maxFeePerGas' | 'maxPriorityFeePerGas'
>

/** The lane's next operation, complete but for the signature. */
export function unsignedOperation(lane: Lane, gas: GasFields): UserOperation<'0.7'> {
  return {
    sender: lane.account.address,
    nonce: lane.nonce,
    callData: encodeFunctionData({
      abi: simpleAccountAbi,
      functionName: 'execute',
      args: ['0x000000000000000000000000000000000000dEaD', 0n, '0x'],
    }),
    ...gas,
    // A well-formed signature of nobody, for estimates.
    signature: concat([numberToHex(1n, { size: 32 }), numberToHex(1n, { size: 32 }), '0x1b']),
  }
}

export async function signOperation(options: {
  lane: Lane
  gas: GasFields
  chainId: number
  entryPoint: Address
}): Promise<UserOperation<'0.7'>> {
  const { lane, gas, chainId, entryPoint } = options
  const userOperation = unsignedOperation(lane, gas)
  const hash = getUserOperationHash({
    userOperation,
    chainId,
    entryPointAddress: entryPoint,
    entryPointVersion: '0.7',
  })
  return { ...userOperation, signature: await lane.account.owner.signMessage({ message: { raw: hash } }) }
}
