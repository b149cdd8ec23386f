// Plays the bundler's last act for a test: puts signed operations on chain by handleOps.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Hash, parseEventLogs, type TransactionReceipt } from 'viem'
import { type SmartAccount, toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import type { Chain } from './startChain.ts'

export type Landed = {
  readonly receipt: TransactionReceipt
  readonly success: boolean
  readonly costWei: bigint
  /** Of the operation, by the EntryPoint. */
  readonly hash: Hash
}

/** Signs `userOperation` with its account and lands it alone; throws when the EntryPoint refuses it. */
export async function landOperation(
  chain: Chain,
  account: SmartAccount,
  userOperation: object,
): Promise<Landed> {
  const unsigned = userOperation as UserOperation<'0.7'>
  const signature = await account.signUserOperation(unsigned)
  const packed = toPackedUserOperation({ ...unsigned, signature })
  const { request } = await chain.client.simulateContract({
    address: chain.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [[packed], chain.owner.address],
    account: chain.owner,
    gas: 10_000_000n,
  })
  const hash = await chain.wallet.writeContract(request as never)
  const receipt = await chain.client.waitForTransactionReceipt({ hash })
  const [event] = parseEventLogs({
    abi: entryPoint07Abi,
    logs: receipt.logs,
    eventName: 'UserOperationEvent',
  })
  if (event === undefined) throw new Error(`No operation landed in ${hash}`)
  const { success, actualGasCost: costWei, userOpHash } = event.args
  return { receipt, success, costWei, hash: userOpHash }
}
