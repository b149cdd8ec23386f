// The people of a placement: providers in regions of their own, each with one offer and a key that requests are sealed to,
// and a renter whose account holds tokens and no coin.
import { createSealingKey, type SealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { parseEther } from 'viem'
import { type Actor, createActor } from '../../scripts/demo/actor.ts'
import { landed } from './marketCast.ts'
import type { MarketStage } from './marketStage.ts'
import { giveTokens } from './money.ts'

/** Of all offers here, so that a test's plans see no others. */
export const placementModel = 'Placement GPU'

export type PlacementProvider = Actor & { readonly sealingKey: SealingKey; readonly offerId: bigint }

export type ProviderTerms = {
  readonly name: string
  readonly region: string
  /** Token wei for one unit and second. */
  readonly pricePerSecondWei: bigint
  readonly capacityUnits?: number
  readonly gpuModel?: string
}

export async function castProviders(
  stage: MarketStage,
  all: readonly ProviderTerms[],
): Promise<readonly PlacementProvider[]> {
  const actors: Actor[] = []
  // One after the other: the faucet has one nonce.
  for (const { name } of all) {
    const actor = await createActor(stage.devnet, name)
    await giveTokens(stage, actor.address, parseEther('5'))
    actors.push(actor)
  }
  return await Promise.all(
    all.flatMap((terms, index) => {
      const actor = actors[index]
      return actor === undefined ? [] : [register(stage, actor, terms)]
    }),
  )
}

async function register(stage: MarketStage, actor: Actor, terms: ProviderTerms): Promise<PlacementProvider> {
  const { contracts } = stage.devnet
  const sealingKey = createSealingKey()
  const { name: _, gpuModel = placementModel, ...offer } = terms
  await landed(
    actor,
    actor.client.registerProvider({
      payout: actor.address,
      metadataUri: 'data:,{}',
      sealKey: sealingKey.publicKey,
      stakeWei: parseEther('2'),
      markets: [contracts.instanceLease],
      offers: [
        {
          capacityUnits: 4,
          ...offer,
          gpuModel,
          vramGiB: 24,
          bondPerUnitWei: parseEther('0.3'),
          minimumSeconds: 1,
          maximumSeconds: 24 * 3_600,
        },
      ],
    }),
  )
  const offers = await actor.client.findOffers({ gpuModel, region: terms.region })
  const own = offers.find(({ provider }) => provider === actor.address)
  if (own === undefined) throw new Error(`${terms.name} offers nothing`)
  return { ...actor, sealingKey, offerId: own.offerId }
}

export async function castRenter(stage: MarketStage, tokensWei: bigint): Promise<Actor> {
  const renter = await createActor(stage.devnet, 'renter')
  await giveTokens(stage, renter.address, tokensWei)
  return renter
}

/** Accepts the lease and makes it ready, with an access that says nothing. */
export async function handOver(provider: PlacementProvider, leaseId: bigint): Promise<void> {
  await landed(provider, provider.client.acceptLease({ leaseId }))
  await landed(provider, provider.client.readyLease({ leaseId, access: '0x01' }))
}
