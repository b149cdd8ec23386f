// Gives coins and tokens out of one key: sent one after the other, so that no two take the same nonce, and mined together.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Address, Hash } from 'viem'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'

export type Faucet = {
  giveCoins(recipient: Address, amountWei: bigint): Promise<void>
  giveTokens(recipient: Address, amountWei: bigint): Promise<void>
}

export function createFaucet(client: DeploymentClient, { token }: ComputeContracts): Faucet {
  let last: Promise<unknown> = Promise.resolve()

  async function give(send: () => Promise<Hash>): Promise<void> {
    const sent = last.then(send)
    last = sent.catch(() => undefined)
    const { status } = await client.waitForTransactionReceipt({ hash: await sent })
    if (status !== 'success') throw new Error('The faucet could not give')
  }

  return {
    giveCoins: (to, value) => give(() => client.sendTransaction({ to, value })),
    giveTokens: (recipient, value) =>
      give(() =>
        client.writeContract({
          address: token,
          abi: computeTokenAbi,
          functionName: 'depositTo',
          args: [recipient],
          value,
        }),
      ),
  }
}
