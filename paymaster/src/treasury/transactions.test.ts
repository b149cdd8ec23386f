import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { createPublicClient, http, type PublicClient, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testLogger } from '../testing/startPaymaster.ts'
import { createTransactionSender, type TransactionSender } from './transactions.ts'

const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const stranger = '0x9000000000000000000000000000000000000009'
let anvil: Anvil
let client: PublicClient
let sender: TransactionSender

beforeEach(async () => {
  anvil = await startAnvil()
  client = createPublicClient({ chain: worldland, transport: http(anvil.url), cacheTime: 0 }) as PublicClient
  const options = { client, chainId: 103, account, pollMilliseconds: 20, logger: testLogger }
  sender = createTransactionSender(options)
})
afterEach(() => anvil.stop())

describe("the treasury's transactions", () => {
  it('resolve when they are mined', async () => {
    const hash = await sender.send({ to: stranger, data: '0x', valueWei: parseEther('1') })
    expect(await client.getBalance({ address: stranger })).toBe(parseEther('1'))
    expect((await client.getTransactionReceipt({ hash })).status).toBe('success')
  })

  it('are sent again with a higher fee, under the same nonce, when blocks pass them by', async () => {
    await anvil.client.setAutomine(false)
    const sent = sender.send({ to: stranger, data: '0x', valueWei: 1n })
    const pending = async () => {
      const block = await client.getBlock({ blockTag: 'pending', includeTransactions: true })
      return block.transactions[0]
    }
    let first = await pending()
    while (first === undefined) first = await pending()
    // Blocks that leave it out: dropped from the pool, it is as good as passed by.
    await anvil.client.dropTransaction({ hash: first.hash })
    await anvil.client.mine({ blocks: 8 })
    let second = await pending()
    while (second === undefined) second = await pending()
    expect(second.nonce).toBe(first.nonce)
    expect(second.maxPriorityFeePerGas).toBeGreaterThan(first.maxPriorityFeePerGas ?? 0n)
    await anvil.client.mine({ blocks: 1 })
    expect(await sent).toBe(second.hash)
  })

  it('offer miners the tip that they ask for', async () => {
    const hash = await sender.send({ to: stranger, data: '0x', valueWei: 1n })
    const { maxPriorityFeePerGas } = await client.getTransaction({ hash })
    expect(maxPriorityFeePerGas).toBeGreaterThanOrEqual(1_000_000_000n)
  })
})
