// What the devnet's two providers offer: prices as WorldLand's documents name them, in coins an hour.
import { parsePricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
import type { PostOfferParameters } from '@worldland-aa/sdk/provider/postOffer'

export type SeedProvider = {
  readonly name: string
  readonly metadataUri: string
  readonly offers: readonly Omit<PostOfferParameters, 'contracts'>[]
}

const week = 7 * 24 * 3600

export const seedProviders: readonly SeedProvider[] = [
  {
    name: 'Seoul GPU House',
    metadataUri: 'data:application/json,{"name":"Seoul GPU House"}',
    offers: [
      gpu({
        gpuModel: 'NVIDIA RTX 4090',
        vramGiB: 24,
        capacityUnits: 8,
        coinsAnHour: '0.5',
        region: 'KR-Seoul',
      }),
      gpu({
        gpuModel: 'NVIDIA A100 80GB',
        vramGiB: 80,
        capacityUnits: 4,
        coinsAnHour: '1.5',
        region: 'KR-Seoul',
      }),
      gpu({
        gpuModel: 'NVIDIA H100 80GB',
        vramGiB: 80,
        capacityUnits: 2,
        coinsAnHour: '2.99',
        region: 'KR-Seoul',
      }),
    ],
  },
  {
    name: 'Gwangju AI Centre',
    metadataUri: 'data:application/json,{"name":"Gwangju AI Centre"}',
    offers: [
      gpu({
        gpuModel: 'NVIDIA RTX 4090',
        vramGiB: 24,
        capacityUnits: 16,
        coinsAnHour: '0.55',
        region: 'KR-Gwangju',
      }),
      gpu({
        gpuModel: 'NVIDIA RTX 3090',
        vramGiB: 24,
        capacityUnits: 16,
        coinsAnHour: '0.35',
        region: 'KR-Gwangju',
      }),
      gpu({
        gpuModel: 'Simulated GPU (CPU)',
        vramGiB: 1,
        capacityUnits: 64,
        coinsAnHour: '0.05',
        region: 'KR-Gwangju',
      }),
    ],
  },
]

function gpu(offer: {
  gpuModel: string
  vramGiB: number
  capacityUnits: number
  coinsAnHour: string
  region: string
}): Omit<PostOfferParameters, 'contracts'> {
  const { coinsAnHour, ...terms } = offer
  const pricePerSecondWei = parsePricePerHour(coinsAnHour)
  return {
    ...terms,
    pricePerSecondWei,
    // Ten hours' earnings: what a provider loses when it does not answer.
    bondPerUnitWei: pricePerSecondWei * 36_000n,
    minimumSeconds: 10,
    maximumSeconds: week,
  }
}
