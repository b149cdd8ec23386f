// Gives coins and tokens out of one key, one transaction after the other, so that givings never meet.
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

  function give(send: () => Promise<Hash>): Promise<void> {
    const given = last.then(async () => {
      const { status } = await client.waitForTransactionReceipt({ hash: await send() })
      if (status !== 'success') throw new Error('The faucet could not give')
    })
    last = given.catch(() => undefined)
    return given
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
