// Gives the devnet its providers: each turns coins into tokens, registers, stakes a bond for all it offers,
// and posts its offers.
import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import { providerSealingKey } from './providerSealingKey.ts'
import type { SeedProvider } from './seedOffers.ts'

/** Run while blocks come at once: each call waits for the one before it. */
export async function seedMarket(options: {
  readonly contracts: ComputeContracts
  readonly providers: readonly { readonly client: DeploymentClient; readonly seed: SeedProvider }[]
}): Promise<void> {
  // One after the other, so that offer ids are the same on every devnet.
  for (const provider of options.providers) await seedProvider(options.contracts, provider)
}

/** On the chain of an earlier run nothing is left to do. */
async function seedProvider(
  contracts: ComputeContracts,
  { client, seed }: { client: DeploymentClient; seed: SeedProvider },
): Promise<void> {
  const { publicKey } = await providerSealingKey({ client, contracts })
  const sent = await registerProvider(client, {
    contracts,
    metadataUri: seed.metadataUri,
    sealKey: publicKey,
    stakeWei: seed.offers.reduce(
      (sum, offer) => sum + offer.bondPerUnitWei * BigInt(offer.capacityUnits),
      0n,
    ),
    offers: seed.offers,
  })
  await waitForCalls(client, sent)
}
