// What a market's test stands on: a devnet, or a chain of another kind with the same daemons on it.
import type { PublicClient } from 'viem'
import type { DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import type { DevnetFile } from '../../scripts/devnet/startDevnet.ts'

export type MarketStage = {
  readonly devnet: DevnetFile
  /** viem's own description of the chain, over the stage's node. */
  readonly client: PublicClient
  readonly faucet: DeploymentClient
}
