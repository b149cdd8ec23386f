// A London chain with the whole suite's contracts on it, and a rich key to set scenes with.
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import type { Hex, PublicClient } from 'viem'
import { type Deployment, deployAll } from '../../scripts/deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { anvilKey } from './keys.ts'

export type TestChain = {
  readonly rpcUrl: string
  readonly anvil: Anvil['client']
  readonly client: PublicClient
  readonly faucet: DeploymentClient
  readonly faucetKey: Hex
  readonly deployment: Deployment
  /** From here on a block every so many seconds, be there transactions or not; 0: only when asked, and none is under way. */
  mineEvery(seconds: number): Promise<void>
  /** No block comes while `act` runs; a block a second again afterwards. */
  whilePaused<Done>(act: () => Promise<Done>): Promise<Done>
  /** Puts `depth` empty blocks in the place of the last ones; after `mineEvery(0)`. */
  reorg(depth: number): Promise<void>
  stop(): Promise<void>
}

/** Mines every transaction at once, so that scenes are set quickly, until `mineEvery` is called. */
export async function startTestChain(): Promise<TestChain> {
  const anvil = await startAnvil()
  const mineEvery = async (seconds: number): Promise<void> => {
    await anvil.client.setAutomine(false)
    await anvil.client.setIntervalMining({ interval: seconds })
    if (seconds === 0) await untilStill(anvil.client)
  }
  try {
    const faucetKey = anvilKey(0)
    const faucet = await createDeploymentClient({
      rpcUrl: anvil.url,
      privateKey: faucetKey,
      pollMilliseconds: 50,
    })
    const deployed = await deployAll({ client: faucet })
    if (!deployed.ok) throw new Error(deployed.refusal.message)
    return {
      rpcUrl: anvil.url,
      anvil: anvil.client,
      client: faucet as unknown as PublicClient,
      faucet,
      faucetKey,
      deployment: deployed.value,
      mineEvery,
      async whilePaused(act) {
        await mineEvery(0)
        try {
          return await act()
        } finally {
          await mineEvery(1)
        }
      },
      async reorg(depth) {
        await anvil.client.request({ method: 'anvil_reorg', params: [depth, []] } as never)
      },
      stop: () => anvil.stop(),
    }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

/** A block may be under way yet: it would come unasked, and anvil loses its chain when it meets a reorg. */
async function untilStill(client: Anvil['client']): Promise<void> {
  const height = () => client.request({ method: 'eth_blockNumber' as never }) as Promise<string>
  for (let before = '', now = await height(); before !== now; ) {
    before = now
    await new Promise(resolve => setTimeout(resolve, 500))
    now = await height()
  }
}
