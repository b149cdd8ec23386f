// The whole suite for one test file: chain, contracts, bundler, paymaster, as `npm run devnet` starts them.

import { worldland } from '@worldland-aa/sdk/chains/worldland'
import type { Hex, PublicClient } from 'viem'
import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll } from 'vitest'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { type Devnet, startDevnet } from '../../scripts/devnet/startDevnet.ts'
import { workFolder } from './workFolder.ts'

export type DevnetStage = {
  readonly devnet: Devnet
  /** viem's own description of the chain, over the devnet's node. */
  readonly client: PublicClient
  readonly faucet: DeploymentClient
}

/** Call at the top of a test file. */
export function devnetStage(options: {
  serving: boolean
  daemonSettings?: NonNullable<Parameters<typeof startDevnet>[0]['daemonSettings']>
}): DevnetStage {
  const folder = workFolder()
  let devnet: Devnet | undefined
  let faucet: DeploymentClient | undefined
  let client: PublicClient | undefined
  beforeAll(async () => {
    devnet = await startDevnet({
      portBase: 0,
      blockTime: 1,
      dataDirectory: folder,
      serving: options.serving,
      daemonSettings: options.daemonSettings ?? {},
    })
    faucet = await createDeploymentClient({
      rpcUrl: devnet.rpcUrl,
      privateKey: devnet.faucetKey,
      pollMilliseconds: 100,
    })
    client = createPublicClient({
      chain: worldland,
      transport: http(devnet.rpcUrl),
      pollingInterval: 100,
    }) as PublicClient
  })
  afterAll(async () => {
    await devnet?.stop()
  })
  const present = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The devnet has not started')
    return value
  }
  return {
    get devnet() {
      return present(devnet)
    },
    get client() {
      return present(client)
    },
    get faucet() {
      return present(faucet)
    },
  }
}

/** Waits until the faucet's transaction is mined; throws when it reverted. */
export async function settled(faucet: DeploymentClient, hash: Hex): Promise<void> {
  const { status } = await faucet.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`The transaction ${hash} reverted`)
}
