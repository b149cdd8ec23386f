// Calls of an ordinary key, each mined before the next.
import type { Call } from '@worldland-aa/sdk/account/call'
import type { TransactionReceipt } from 'viem'
import type { DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'

/** The last one's receipt; throws where it was refused. */
export async function sendInOrder(
  client: DeploymentClient,
  calls: readonly Call[],
): Promise<TransactionReceipt> {
  let last: TransactionReceipt | undefined
  for (const call of calls) {
    // What a stop costs depends on whether a second has passed since the machine was ready.
    const gas = ((await client.estimateGas(call)) * 3n) / 2n
    last = await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ ...call, gas }) })
  }
  if (last?.status !== 'success') throw new Error(`The call of ${client.account.address} was refused`)
  return last
}
