// Reads what a choice is made from, all at one block: the offers of the book, and of their providers the bond that is
// free and the record. One call of the node for some hundred questions.
import type { Address, Client } from 'viem'
import { getBlockNumber, multicall } from 'viem/actions'
import * as providerRegistry from '../../abi/providerRegistry.ts'
import type { ComputeContracts, WithContracts } from '../../chains/computeContracts.ts'
import { findOffers } from '../market/findOffers.ts'
import type { PlacementOffer } from './placementOffer.ts'

/** A bond is answered by a word and five of framing, a record by four: far below what a call may return. */
const questionBytes = 4_096

export async function readPlacementOffers(
  chainClient: Client,
  { contracts }: WithContracts,
): Promise<readonly PlacementOffer[]> {
  const blockNumber = await getBlockNumber(chainClient, { cacheTime: 0 })
  const offers = await findOffers(chainClient, { contracts, minimumFreeUnits: 0, blockNumber })
  // Anybody may post an offer of a market of its own, which `rentMachines` could not rent.
  const ours = offers.filter(({ market }) => market.toLowerCase() === contracts.instanceLease.toLowerCase())
  const providers = [...new Set(ours.map(({ provider }) => provider))]
  const facts = await readFacts(chainClient, { contracts, providers, blockNumber })
  return ours.flatMap(offer => {
    const known = facts.get(offer.provider)
    return known === undefined ? [] : [{ ...offer, ...known }]
  })
}

type ProviderFacts = Pick<PlacementOffer, 'record' | 'availableBondWei'>

async function readFacts(
  client: Client,
  options: { contracts: ComputeContracts; providers: readonly Address[]; blockNumber: bigint },
): Promise<ReadonlyMap<Address, ProviderFacts>> {
  const { contracts, providers, blockNumber } = options
  const registry = {
    address: contracts.providerRegistry,
    abi: [providerRegistry.availableBondOf, providerRegistry.scoreOf],
  } as const
  const read = { allowFailure: false, deployless: true, batchSize: questionBytes, blockNumber } as const
  const [bonds, scores] = await Promise.all([
    multicall(client, {
      ...read,
      contracts: providers.map(provider => ({
        ...registry,
        functionName: 'availableBondOf' as const,
        args: [provider] as const,
      })),
    }),
    multicall(client, {
      ...read,
      contracts: providers.map(provider => ({
        ...registry,
        functionName: 'scoreOf' as const,
        args: [provider, contracts.instanceLease] as const,
      })),
    }),
  ])
  const facts = new Map<Address, ProviderFacts>()
  for (const [index, provider] of providers.entries()) {
    const [availableBondWei, score] = [bonds[index], scores[index]]
    if (availableBondWei === undefined || score === undefined) continue
    const record = {
      completed: Number(score.completed),
      lapses: Number(score.lapsed),
      faults: Number(score.faulted),
    }
    facts.set(provider, { availableBondWei, record })
  }
  return facts
}
