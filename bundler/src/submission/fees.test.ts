import { createLogger } from '@worldland-aa/service/logger'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { Registry } from 'prom-client'
import { createPublicClient, custom, http, numberToHex, type PublicClient } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFees, type Fees } from './fees.ts'

const gwei = 10n ** 9n
const logger = createLogger({ name: 'test', level: 'silent' })
let anvil: Anvil
let fees: Fees

beforeEach(async () => {
  anvil = await startAnvil({ blockSeconds: 0 })
})
afterEach(async () => await anvil.stop())

async function start(options: { maxFeePerGasWei?: bigint; client?: PublicClient } = {}): Promise<void> {
  const client = createPublicClient({ transport: http(anvil.url) }) as PublicClient
  fees = createFees({
    client,
    minimumPriorityFeePerGasWei: gwei,
    maxFeePerGasWei: 500n * gwei,
    registry: new Registry(),
    logger,
    ...options,
  })
  await fees.start()
}
async function mineAt(baseFeePerGas: bigint): Promise<void> {
  await anvil.client.setNextBlockBaseFeePerGas({ baseFeePerGas })
  await anvil.client.mine({ blocks: 1 })
  const client = createPublicClient({ transport: http(anvil.url) })
  const { number, hash, parentHash, timestamp, gasLimit, baseFeePerGas: base } = await client.getBlock()
  const head = { number, hash, parentHash, timestamp, gasLimit, baseFeePerGas: base ?? 0n }
  await fees.onChainUpdate({ removed: [], added: [head], head })
}

describe('fees', () => {
  it('cover the base fee of the next block and a tip that miners take, with more headroom the faster', async () => {
    await start()
    await mineAt(8n * gwei)
    const { baseFeePerGas, slow, standard, fast } = fees.currentFees()
    expect(baseFeePerGas).toBe(7n * gwei)
    for (const { maxFeePerGas, maxPriorityFeePerGas } of [slow, standard, fast]) {
      expect(maxPriorityFeePerGas).toBeGreaterThanOrEqual(gwei)
      expect(maxFeePerGas).toBeGreaterThan(baseFeePerGas + maxPriorityFeePerGas)
    }
    expect(slow.maxFeePerGas).toBeLessThan(standard.maxFeePerGas)
    expect(standard.maxFeePerGas).toBeLessThan(fast.maxFeePerGas)
  })

  it('are raised by nobody who gives a high tip while there is room', async () => {
    await start()
    const from = (await anvil.client.request({ method: 'eth_accounts' } as never))[0] as `0x${string}`
    for (let block = 0; block < 10; block++) {
      const tip = numberToHex(50n * gwei)
      const dear = { from, to: from, maxFeePerGas: numberToHex(90n * gwei), maxPriorityFeePerGas: tip }
      await anvil.client.request({ method: 'eth_sendTransaction', params: [dear] } as never)
      await mineAt(gwei)
    }
    const { slow, standard, fast } = fees.currentFees()
    for (const { maxPriorityFeePerGas } of [slow, standard, fast]) expect(maxPriorityFeePerGas).toBe(gwei)
  })

  it('never exceed what the operator allows', async () => {
    await start({ maxFeePerGasWei: 3n * gwei })
    await mineAt(100n * gwei)
    for (const pair of Object.values(fees.currentFees()).slice(1)) {
      expect(pair).toMatchObject({ maxFeePerGas: 3n * gwei })
    }
  })

  it('keep a quote good for ten blocks, although the base fee rises', async () => {
    await start()
    await mineAt(gwei)
    const quoted = fees.currentFees().baseFeePerGas + gwei
    for (let block = 0; block < 9; block++) {
      await mineAt(50n * gwei)
      expect(fees.minimumFees().maxFeePerGas).toBeLessThanOrEqual(quoted)
    }
    await mineAt(50n * gwei)
    expect(fees.minimumFees()).toEqual({
      maxFeePerGas: fees.currentFees().baseFeePerGas + gwei,
      maxPriorityFeePerGas: gwei,
    })
  })

  it('are taken from the block when eth_feeHistory does not answer, and never too low', async () => {
    let isDown = false
    const client = createPublicClient({
      transport: custom(
        {
          async request({ method, params }) {
            if (isDown && method === 'eth_feeHistory') throw new Error('not served')
            return await createPublicClient({ transport: http(anvil.url) }).request({
              method,
              params,
            } as never)
          },
        },
        { retryCount: 0 },
      ),
    }) as PublicClient
    await start({ client })
    isDown = true
    await mineAt(8n * gwei)
    expect(fees.currentFees().baseFeePerGas).toBe(9n * gwei)
    expect(fees.currentFees().standard.maxFeePerGas).toBeGreaterThan(10n * gwei)
  })
})
