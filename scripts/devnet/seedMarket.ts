// Gives the devnet its providers: each turns coins into tokens, registers, stakes a bond for all it offers,
// and posts its offers.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import { toCall } from '@worldland-aa/sdk/account/call'
import { sendCalls } from '@worldland-aa/sdk/account/sendCalls'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { postOffer } from '@worldland-aa/sdk/provider/postOffer'
import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import type { SeedProvider } from './seedOffers.ts'

/** Run while blocks come at once: each call waits for the one before it. */
export async function seedMarket(options: {
  readonly contracts: ComputeContracts
  readonly providers: readonly { readonly client: DeploymentClient; readonly seed: SeedProvider }[]
}): Promise<void> {
  // One after the other, so that offer ids are the same on every devnet.
  for (const provider of options.providers) await seedProvider(options.contracts, provider)
}

async function seedProvider(
  contracts: ComputeContracts,
  { client, seed }: { client: DeploymentClient; seed: SeedProvider },
): Promise<void> {
  const registered = await client.readContract({
    address: contracts.providerRegistry,
    abi: providerRegistryAbi,
    functionName: 'isRegistered',
    args: [client.account.address],
  })
  // The chain of an earlier run has its market already.
  if (registered) return
  const stakeWei = seed.offers.reduce(
    (sum, offer) => sum + offer.bondPerUnitWei * BigInt(offer.capacityUnits),
    0n,
  )
  const deposit = toCall(contracts.token, { abi: computeTokenAbi, functionName: 'deposit', args: [] })
  const calls = [
    { ...deposit, value: stakeWei },
    ...registerProvider.calls({
      contracts,
      payout: client.account.address,
      metadataUri: seed.metadataUri,
      stakeWei,
    }),
    ...seed.offers.flatMap(offer => postOffer.calls({ ...offer, contracts })),
  ]
  const sent = await sendCalls(client, { contracts, calls })
  if (sent.kind !== 'transactions') throw new Error('A provider of the devnet is an ordinary key')
  for (const hash of sent.transactionHashes) await waitForTransaction(client, { hash })
}
