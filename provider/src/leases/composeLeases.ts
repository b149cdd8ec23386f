// Puts together what looks after leases.
import * as instanceLease from '@worldland-aa/sdk/abi/instanceLease'
import { getOffer } from '@worldland-aa/sdk/actions/market/getOffer'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Hex, PublicClient } from 'viem'
import type { ProviderDatabase } from '../database.ts'
import type { MarketBook } from '../market/marketBook.ts'
import { specHashOf } from '../market/offerPlan.ts'
import type { LeaseTools } from './leaseActs.ts'
import { createLeaseBook } from './leaseBook.ts'
import { createLeaseRounds, type LeaseRounds } from './leaseRounds.ts'
import { createLeaseSearch } from './leaseSearch.ts'
import { createLeaseReader } from './readLeases.ts'
import { createRequestReader } from './requests.ts'
import { createTakeLease, type TakeLeaseTools } from './takeLease.ts'

export async function composeLeases(
  options: Omit<LeaseTools, 'book' | 'take' | 'acceptedImages'> &
    ProviderDatabase & {
      readonly client: PublicClient
      readonly chainId: number
      readonly privateKeys: readonly Hex[]
      readonly market: MarketBook
      readonly payerScore: TakeLeaseTools['payerScore']
      readonly head: () => BlockReference
      readonly finalityBlocks: number
      readonly isDraining: () => boolean
    },
): Promise<LeaseRounds> {
  const { client, contracts, chainId, privateKeys, database, commits, market, sender, driver, gpus } = options
  const { acceptBlocks } = await client.readContract({
    address: contracts.instanceLease,
    abi: [instanceLease.parameters],
    functionName: 'parameters',
  })
  const book = createLeaseBook(database, commits)
  const reader = createLeaseReader({ client, contracts, provider: sender.address })
  const take = createTakeLease({
    ...{ book, gpus, payerScore: options.payerScore },
    rules: () => market.inForce().accept,
    hasImages: driver.name === 'docker',
    async offerOf(offerId) {
      const { specHash, gpuCount } = await getOffer(client, { contracts, offerId })
      return { wanted: market.inForce().offers.find(offer => specHashOf(offer) === specHash), gpuCount }
    },
  })
  const rounds = createLeaseRounds({
    ...{ ...options, book, reader, take },
    acceptedImages: () => market.inForce().accept.images ?? [],
    search: createLeaseSearch({ reader, book, finalityBlocks: options.finalityBlocks, acceptBlocks }),
    readRequest: createRequestReader({ client, contracts, chainId, privateKeys }),
  })
  return {
    ...rounds,
    async start() {
      await book.start()
      await rounds.start()
    },
  }
}
