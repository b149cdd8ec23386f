// What the operator says while the chain is being read is heard all the same: a real desk over a real market, behind a node
// that takes its time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeySender } from '@worldland-aa/provider/chain/keySender'
import { createMarketBook, type MarketBook } from '@worldland-aa/provider/market/marketBook'
import { createMarketDesk, type MarketDesk } from '@worldland-aa/provider/market/marketDesk'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { createNodeClient } from '@worldland-aa/service/chain/connectNode'
import { createLogger } from '@worldland-aa/service/logger'
import { createWalletClient, http, type PublicClient, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { anvilKey } from '../support/keys.ts'
import { type NodeProxy, startNodeProxy } from '../support/nodeProxy.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const logger = createLogger({ name: 'test', level: 'silent' })
const account = privateKeyToAccount(anvilKey(1))
let chain: TestChain
let node: NodeProxy
let client: PublicClient
let desk: MarketDesk
let market: MarketBook
/** Set: an answer of the node waits for it. */
let held: Promise<void> | undefined
let isAsked = false

const marketFile = join(folder, 'provider.json')

function writeMarket(pricePerHour: string): void {
  const offer = {
    ...{ name: 'desk', gpuModel: 'Test GPU', vramGiB: 24, region: 'KR', capacityUnits: 1, pricePerHour },
    ...{ bondPerUnitWei: '1ether', minimumSeconds: 60, maximumSeconds: 3_600 },
  }
  const file = { name: 'Test', metadataUri: 'data:,{}', stakeWei: '10ether', offers: [offer] }
  writeFileSync(marketFile, JSON.stringify(file))
}

beforeAll(async () => {
  chain = await startTestChain()
  node = await startNodeProxy(chain.rpcUrl, async (call, ask) => {
    if (call.method === 'eth_call') {
      isAsked = true
      const answer = await ask(call)
      await held
      return answer
    }
    return await ask(call)
  })
  client = createNodeClient(node.url, 103)
  writeMarket('0.36')
  market = createMarketBook(marketFile, logger)
  const { number, hash } = await client.getBlock()
  const { contracts } = chain.deployment
  desk = createMarketDesk({
    ...{ client, contracts, logger },
    sender: createKeySender({ client, account, chainId: 103, head: () => ({ number, hash }), logger }),
    wallet: createWalletClient({ chain: worldLand, transport: http(node.url), account }) as never,
    market,
    sealKey: createSealingKey().publicKey,
    isDraining: () => false,
  })
  await chain.anvil.setBalance({ address: account.address, value: parseEther('1000') })
  await desk.start()
})
afterAll(async () => {
  await desk?.stop()
  await node?.stop()
  await chain?.stop()
})

async function pricesPerSecondWei(): Promise<readonly bigint[]> {
  const { contracts } = chain.deployment
  const found = await findOffers(chain.client, { contracts, kind: 'instance', minimumFreeUnits: 0 })
  return found.map(({ pricePerSecondWei }) => pricePerSecondWei)
}

/** The chain goes on until the desk has nothing left to do. */
async function settled(): Promise<string | undefined> {
  desk.onChainUpdate({ removed: [], added: [], head: {} as never })
  return desk.problem()
}

it('brings a market file to the chain that was read anew while the chain was read for the one before', async () => {
  await expect.poll(settled, { timeout: 30_000 }).toBeUndefined()
  expect(await pricesPerSecondWei()).toEqual([perSecondWei('0.36')])
  let release: () => void = () => undefined
  held = new Promise(resolve => {
    release = resolve
  })
  isAsked = false
  desk.look()
  await expect.poll(() => isAsked).toBe(true)
  writeMarket('0.72')
  expect(market.reload().ok).toBe(true)
  desk.look()
  held = undefined
  release()
  await expect
    .poll(
      async () => {
        await settled()
        return await pricesPerSecondWei()
      },
      { timeout: 30_000 },
    )
    .toEqual([perSecondWei('0.72')])
})

const perSecondWei = (perHour: string): bigint => parseEther(perHour) / 3_600n
