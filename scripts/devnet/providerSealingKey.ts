// What renters seal their requests to. Derived from the provider's key, so that a devnet that is started again opens
// what was sealed before.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { deriveSealingKey } from '@worldland-aa/sdk/sealing/deriveSealingKey'
import type { SealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'

export async function providerSealingKey(options: {
  readonly client: DeploymentClient
  readonly contracts: ComputeContracts
}): Promise<SealingKey> {
  const { client, contracts } = options
  return await deriveSealingKey({ contracts, chainId: client.chain.id, signer: client.account })
}
