// The compute market on a test's chain: the real contracts, one registered provider, an offer of machines and one of
// serverless use.
import { offerBookAbi } from '@worldland-aa/sdk/abi/offerBook'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import { type Address, keccak256, stringToHex } from 'viem'
import { type Chain, compiled } from './startChain.ts'

export type Market = {
  readonly registry: Address
  readonly offerBook: Address
  readonly lease: Address
  readonly session: Address
  /** Of 100 wei a second; 2 is serverless. */
  readonly offers: { readonly machine: bigint; readonly serverless: bigint }
  /** The chain's owner. */
  readonly provider: Address
  /** Changes the machine's price. */
  setPrice(pricePerSecondWei: bigint): Promise<void>
}

const parameters = {
  acceptBlocks: 60,
  readyBlocks: 180,
  pongBlocks: 24,
  pingIntervalBlocks: 60,
  maxPauseBlocks: 360,
  pingDepositWei: 5_000n,
}
const challengeBlocks = 60n

export async function startMarket(chain: Chain): Promise<Market> {
  const { token, owner } = chain
  const registry = await chain.create(compiled('ProviderRegistry'), [token])
  const offerBook = await chain.create(compiled('OfferBook'), [registry])
  const rights = await chain.create(compiled('UsageRights'), [])
  const common = [token, registry, offerBook, rights]
  const lease = await chain.create(compiled('InstanceLease'), [...common, parameters])
  const session = await chain.create(compiled('ServerlessSession'), [...common, challengeBlocks])

  async function write(call: object): Promise<void> {
    const hash = await chain.wallet.writeContract(call as never)
    const { status } = await chain.client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`A transaction of the market reverted: ${hash}`)
  }
  const inRegistry = { address: registry, abi: providerRegistryAbi } as const
  const inOfferBook = { address: offerBook, abi: offerBookAbi } as const
  const termsOf = (market: Address, kind: number, pricePerSecondWei: bigint) => ({
    market,
    kind,
    capacityUnits: 4,
    gpuCount: 1,
    pricePerSecondWei,
    bondPerUnitWei: 1n,
    minSeconds: 1,
    maxSeconds: 86_400,
    vramGiB: 24,
    specHash: keccak256(stringToHex('{}')),
    gpuModel: 'Test GPU',
    region: 'KR',
    uri: 'data:,{}',
  })
  await write({ ...inRegistry, functionName: 'register', args: [owner.address, 'data:,{}'] })
  for (const market of [lease, session]) {
    await write({ ...inRegistry, functionName: 'setMarket', args: [market, true] })
  }
  await write({ ...inOfferBook, functionName: 'postOffer', args: [termsOf(lease, 0, 100n)] })
  await write({ ...inOfferBook, functionName: 'postOffer', args: [termsOf(session, 1, 100n)] })
  return {
    ...{ registry, offerBook, lease, session },
    offers: { machine: 1n, serverless: 2n },
    provider: owner.address,
    setPrice: price =>
      write({ ...inOfferBook, functionName: 'updateOffer', args: [1n, termsOf(lease, 0, price)] }),
  }
}
