// Gas for the load as the bundler under measurement itself estimates it, and how long that takes.
import type { Address } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import type { Lane } from './lanes.ts'
import { type GasFields, unsignedOperation } from './operations.ts'
import type { RpcCall } from './rpcCaller.ts'

const tipWei = 2_000_000_000n
/** Estimates are made for a stub signature; a real one has fewer zero bytes. */
const preVerificationMarginPercent = 10n

/** Fees come from the chain, not from the bundler: what a bundler quotes is its own affair. */
export async function estimateGas(options: {
  call: RpcCall
  entryPoint: Address
  lanes: readonly Lane[]
  client: DeploymentClient
}): Promise<GasFields> {
  const { call, entryPoint, lanes, client } = options
  const [lane] = lanes
  if (lane === undefined) throw new Error('A load needs at least one lane')
  const { baseFeePerGas } = await client.getBlock({ blockTag: 'latest' })
  const fees = { maxFeePerGas: (baseFeePerGas ?? 0n) * 4n + tipWei, maxPriorityFeePerGas: tipWei }
  const nothing = { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n }
  const operation = unsignedOperation(lane, { ...nothing, ...fees })
  const estimated = (await call('eth_estimateUserOperationGas', [
    formatUserOperationRequest(operation),
    entryPoint,
  ])) as Record<keyof typeof nothing, string>
  return {
    ...fees,
    callGasLimit: BigInt(estimated.callGasLimit),
    verificationGasLimit: BigInt(estimated.verificationGasLimit),
    preVerificationGas: (BigInt(estimated.preVerificationGas) * (100n + preVerificationMarginPercent)) / 100n,
  }
}

/** Milliseconds of each estimate, one after the other, each of another lane. */
export async function measureEstimates(options: {
  call: RpcCall
  entryPoint: Address
  lanes: readonly Lane[]
  gas: GasFields
}): Promise<readonly number[]> {
  const { call, entryPoint, lanes, gas } = options
  const milliseconds: number[] = []
  for (const lane of lanes) {
    const operation = formatUserOperationRequest(unsignedOperation(lane, gas))
    const startedAt = performance.now()
    await call('eth_estimateUserOperationGas', [operation, entryPoint])
    milliseconds.push(performance.now() - startedAt)
  }
  return milliseconds
}
