// An operation as a stranger puts it together: whatever fields it likes, well signed.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { type Address, encodeFunctionData, type Hex, hexToBigInt } from 'viem'
import { formatUserOperationRequest, type UserOperation } from 'viem/account-abstraction'
import type { Caller } from './caller.ts'
import type { House, OwnedAccount } from './house.ts'

export type Operation = UserOperation<'0.7'>

const noGas = { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n }
type Gas = typeof noGas

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

/** One approval of a token, which the devnet's policy sponsors; unsigned, and without gas. */
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
    ...noGas,
    ...(await feesFrom(caller)),
    signature: await account.getStubSignature(),
    ...fields,
  }
}

/** By what the gas of these operations differs. */
const estimates = new Map<string, Gas>()

/** What the bundler says it takes: asked once for all that are alike, as whoever sends many does. */
export async function withGas({ devnet }: House, caller: Caller, operation: Operation): Promise<Operation> {
  const key = [operation.factory, operation.callData.length, operation.paymaster].join()
  let gas = estimates.get(key)
  if (gas === undefined) {
    const free = { ...operation, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
    const wire = await caller.call<Record<keyof Gas, Hex>>(
      'eth_estimateUserOperationGas',
      formatUserOperationRequest(free),
      devnet.entryPoint,
    )
    gas = {
      callGasLimit: hexToBigInt(wire.callGasLimit),
      verificationGasLimit: hexToBigInt(wire.verificationGasLimit),
      preVerificationGas: hexToBigInt(wire.preVerificationGas),
    }
    estimates.set(key, gas)
  }
  return { ...operation, ...gas }
}

/** Worth nothing yet, but what it takes is known. Throws `Refused` when the paymaster would not sign. */
export async function withStub(
  house: House,
  caller: Caller,
  operation: Operation,
  context: object | null,
): Promise<Operation> {
  const stub = await caller.call<Record<string, Hex>>(
    'pm_getPaymasterStubData',
    ...paymasterRequest(house, operation, context),
  )
  return await withGas(house, caller, {
    ...operation,
    paymaster: stub.paymaster as Address,
    paymasterData: stub.paymasterData as Hex,
    paymasterVerificationGasLimit: hexToBigInt(stub.paymasterVerificationGasLimit ?? '0x0'),
    paymasterPostOpGasLimit: hexToBigInt(stub.paymasterPostOpGasLimit ?? '0x0'),
  })
}

/** Throws `Refused` when the paymaster will not sign. */
export async function withPaymasterSignature(
  house: House,
  caller: Caller,
  operation: Operation,
  context: object | null,
): Promise<Operation> {
  const { paymaster, paymasterData } = await caller.call<{ paymaster: Address; paymasterData: Hex }>(
    'pm_getPaymasterData',
    ...paymasterRequest(house, operation, context),
  )
  return { ...operation, paymaster, paymasterData }
}

export async function withPaymaster(
  house: House,
  caller: Caller,
  operation: Operation,
  context: object | null,
): Promise<Operation> {
  return await withPaymasterSignature(
    house,
    caller,
    await withStub(house, caller, operation, context),
    context,
  )
}

function paymasterRequest({ devnet }: House, operation: Operation, context: object | null) {
  return [formatUserOperationRequest(operation), devnet.entryPoint, '0x67', context]
}

export async function signed({ account }: OwnedAccount, operation: Operation): Promise<Operation> {
  return { ...operation, signature: await account.signUserOperation(operation) }
}

export async function send({ devnet }: House, caller: Caller, operation: Operation): Promise<Hex> {
  return await caller.call('eth_sendUserOperation', formatUserOperationRequest(operation), devnet.entryPoint)
}
