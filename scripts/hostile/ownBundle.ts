// A stranger as its own bundler: what the operations pay for gas goes to the stranger.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Hash, parseGwei, type TransactionReceipt } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import type { House } from './house.ts'
import type { Operation } from './operation.ts'

const gas = 3_000_000n

/** Pays more than the house's executors do, so that it is mined first. */
export async function sendOwnBundle(
  { devnet }: House,
  stranger: DeploymentClient,
  operations: readonly Operation[],
): Promise<Hash> {
  return await stranger.writeContract({
    address: devnet.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [operations.map(operation => toPackedUserOperation(operation)), stranger.account.address],
    gas,
    maxFeePerGas: parseGwei('200'),
    maxPriorityFeePerGas: parseGwei('50'),
  })
}

/** `undefined` when it never came. */
export async function minedOwnBundle(
  stranger: DeploymentClient,
  hash: Hash,
): Promise<TransactionReceipt | undefined> {
  return await stranger.waitForTransactionReceipt({ hash, timeout: 30_000 }).catch(() => undefined)
}
