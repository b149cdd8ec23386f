// An operation as a stranger puts it together: whatever fields it likes, well signed.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { type Address, encodeFunctionData, type Hex, hexToBigInt } from 'viem'
import { formatUserOperationRequest, type UserOperation } from 'viem/account-abstraction'
import type { Caller } from './caller.ts'
import type { House, OwnedAccount } from './house.ts'

export type Operation = UserOperation<'0.7'>

/** What a deployment with an approval takes, with room. */
const honestGas = { callGasLimit: 100_000n, verificationGasLimit: 400_000n, preVerificationGas: 60_000n }

export async function feesFrom(
  caller: Caller,
): Promise<Pick<Operation, 'maxFeePerGas' | 'maxPriorityFeePerGas'>> {
  const { fast } = await caller.call<{ fast: { maxFeePerGas: Hex; maxPriorityFeePerGas: Hex } }>(
    'pimlico_getUserOperationGasPrice',
  )
  return {
    maxFeePerGas: hexToBigInt(fast.maxFeePerGas),
    maxPriorityFeePerGas: hexToBigInt(fast.maxPriorityFeePerGas),
  }
}

export function approvalCall({ devnet: { contracts } }: House, spender: Address, amountWei: bigint) {
  const approval = { abi: computeTokenAbi, functionName: 'approve', args: [spender, amountWei] } as const
  return { to: contracts.token, value: 0n, data: encodeFunctionData(approval) }
}

/** One approval of a token, which the devnet's policy sponsors; unsigned. */
export async function plainOperation(
  house: House,
  { account }: OwnedAccount,
  options: { readonly caller: Caller; readonly key?: bigint; readonly fields?: Partial<Operation> },
): Promise<Operation> {
  const { caller, key = 0n, fields = {} } = options
  const { factory, factoryData } = await account.getFactoryArgs()
  return {
    sender: account.address,
    nonce: await account.getNonce({ key }),
    ...(factory && factoryData ? { factory, factoryData } : {}),
    callData: await account.encodeCalls([approvalCall(house, house.devnet.contracts.instanceLease, 1n)]),
    ...honestGas,
    ...(await feesFrom(caller)),
    signature: await account.getStubSignature(),
    ...fields,
  }
}

/** Throws `<code> <message>` when the paymaster will not sign. */
export async function withPaymaster(
  { devnet }: House,
  caller: Caller,
  operation: Operation,
  context: object | null,
): Promise<Operation> {
  const request = [formatUserOperationRequest(operation), devnet.entryPoint, '0x67', context]
  const stub = await caller.call<Record<string, Hex>>('pm_getPaymasterStubData', ...request)
  const limits = {
    paymasterVerificationGasLimit: hexToBigInt(stub.paymasterVerificationGasLimit ?? '0x0'),
    paymasterPostOpGasLimit: hexToBigInt(stub.paymasterPostOpGasLimit ?? '0x0'),
  }
  const dressed = formatUserOperationRequest({ ...operation, ...limits })
  const { paymaster, paymasterData } = await caller.call<{ paymaster: Address; paymasterData: Hex }>(
    'pm_getPaymasterData',
    dressed,
    devnet.entryPoint,
    '0x67',
    context,
  )
  return { ...operation, ...limits, paymaster, paymasterData }
}

export async function signed({ account }: OwnedAccount, operation: Operation): Promise<Operation> {
  return { ...operation, signature: await account.signUserOperation(operation) }
}

export async function send({ devnet }: House, caller: Caller, operation: Operation): Promise<Hex> {
  return await caller.call('eth_sendUserOperation', formatUserOperationRequest(operation), devnet.entryPoint)
}
