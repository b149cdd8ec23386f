// Each kind of price source against what it reads: feeds and pairs on a real chain, a URL that is really asked.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployed, deploy } from '../../testing/priceContracts.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { createChainlinkFeed } from './chainlinkFeed.ts'
import type { PriceMoment, PriceOracle } from './priceOracle.ts'
import { rateOf } from './ratio.ts'
import { createSignedUrl, tokenPriceTypedData } from './signedUrl.ts'
import { createUniswapV2Twap } from './uniswapV2Twap.ts'

let chain: Chain
let coin: Deployed
beforeAll(async () => {
  chain = await startChain({ depositWei: 0n, stakeWei: 0n })
  coin = await deploy(chain, 'PlainToken', 6)
})
afterAll(() => chain?.stop())

async function moment(): Promise<PriceMoment> {
  const { number, timestamp } = await chain.client.getBlock()
  return { blockNumber: number, timestampSeconds: Number(timestamp) }
}
const priced = () => ({ address: coin.address, symbol: 'TUSD', decimals: 6 })

async function read(oracle: PriceOracle) {
  const reading = await oracle.read(await moment())
  if (reading.ok) return { rate: rateOf(reading.value.ratio), problem: '', reading: reading.value }
  return { rate: undefined, problem: reading.refusal.message, reading: undefined }
}

/** So many blocks, each so many seconds after the one before. */
async function mine(blocks: number, seconds = 10): Promise<void> {
  await chain.client.request({ method: 'anvil_mine', params: [blocks, seconds] } as never)
}

describe('a Chainlink-style feed', () => {
  const feedOf = (feed: Deployed, quotes: 'tokenPerNative' | 'nativePerToken' = 'tokenPerNative') =>
    createChainlinkFeed({
      ...{ client: chain.client, token: priced(), feed: feed.address, quotes },
      maxAgeSeconds: 60,
    })

  it('tells tokens for a coin, or coins for a token, with decimals of its own', async () => {
    expect((await read(feedOf(await deploy(chain, 'PriceFeed', 8, 250_000_000n)))).rate).toBe(2_500_000n)
    const inverse = await deploy(chain, 'PriceFeed', 18, 4n * 10n ** 17n)
    expect((await read(feedOf(inverse, 'nativePerToken'))).rate).toBe(2_500_000n)
  })

  it('is not believed without a positive answer, in an unfinished or carried-over round, or from the future', async () => {
    const feed = await deploy(chain, 'PriceFeed', 8, 250_000_000n)
    const { timestampSeconds } = await moment()
    await feed.send('tell', 0n, timestampSeconds)
    expect((await read(feedOf(feed))).problem).toContain('tells 0, which is no price')
    await feed.send('tell', -5n, timestampSeconds)
    expect((await read(feedOf(feed))).problem).toContain('tells -5, which is no price')
    await feed.send('tell', 250_000_000n, 0n)
    expect((await read(feedOf(feed))).problem).toContain('has not finished its round')
    await feed.send('tell', 250_000_000n, timestampSeconds + 90_000)
    expect((await read(feedOf(feed))).problem).toContain('of the future')
    await feed.send('tell', 250_000_000n, timestampSeconds)
    await feed.send('carryOver')
    expect((await read(feedOf(feed))).problem).toMatch(/answers round \d+ with what round \d+ said/)
  })

  it('says so when there is no feed', async () => {
    expect((await read(feedOf(coin))).problem).toContain('could not be read')
  })
})

describe('the mean of a Uniswap V2 pair', () => {
  const coins = 10n ** 18n
  const twap = (pair: Deployed, change: object = {}) =>
    createUniswapV2Twap({
      client: chain.client,
      token: priced(),
      pair: pair.address,
      wrappedNative: chain.token,
      windowBlocks: 5,
      minReserveNativeWei: 10n * coins,
      maxAgeSeconds: 600,
      ...change,
    })

  it.each([
    ['first', true],
    ['second', false],
  ])('is the price over the window, with the coin %s', async (_, nativeFirst) => {
    const order = nativeFirst ? [chain.token, coin.address] : [coin.address, chain.token]
    const pair = await deploy(chain, 'PricePair', ...order)
    const trade = (native: bigint, units: bigint) =>
      pair.send('trade', ...(nativeFirst ? [native, units] : [units, native]))
    await trade(100n * coins, 250_000_000n)
    await mine(10)
    const oracle = twap(pair)
    expect((await read(oracle)).rate).toBe(2_500_000n)
    // Within one block nobody can bend the mean by more than that block's share of the window.
    await trade(1000n * coins, 25_000_000n)
    const bent = await read(oracle)
    expect(bent.rate).toBeGreaterThan(2_400_000n)
    expect(bent.reading?.spot && rateOf(bent.reading.spot)).toBe(25_000n)
  })

  it('moves to a price that stays for a window', async () => {
    const pair = await deploy(chain, 'PricePair', chain.token, coin.address)
    await pair.send('trade', 100n * coins, 250_000_000n)
    await mine(10)
    const oracle = twap(pair)
    await read(oracle)
    await pair.send('trade', 100n * coins, 500_000_000n)
    for (let block = 0; block < 8; block++) {
      await mine(1)
      await read(oracle)
    }
    expect((await read(oracle)).rate).toBe(5_000_000n)
  })

  it('is none before it has been watched for a window, and after a reorg has taken the window back', async () => {
    const pair = await deploy(chain, 'PricePair', chain.token, coin.address)
    await pair.send('trade', 100n * coins, 250_000_000n)
    const oracle = twap(pair)
    expect((await read(oracle)).problem).toMatch(/watched for too short a time: \d more blocks/)
    for (let block = 0; block < 6; block++) {
      await mine(1)
      await read(oracle)
    }
    expect((await read(oracle)).rate).toBe(2_500_000n)
    oracle.forget?.(0n)
    expect((await read(twap(pair, { windowBlocks: 10_000 }))).problem).toContain('too short a time')
  })

  it('is none of a shallow pair, and none of another pair', async () => {
    const pair = await deploy(chain, 'PricePair', chain.token, coin.address)
    await pair.send('trade', 9n * coins, 22_500_000n)
    expect((await read(twap(pair))).problem).toContain('less than the 10000000000000000000 that make')
    const foreign = await deploy(chain, 'PricePair', chain.token, chain.paymaster)
    expect((await read(twap(foreign))).problem).toContain(`not ${coin.address} and ${chain.token}`)
  })
})

describe('a signed price URL', () => {
  const author = privateKeyToAccount(generatePrivateKey())
  let server: Server
  let url: string
  let answer: () => Promise<unknown>
  let status = 200
  beforeAll(async () => {
    server = createServer((_, response) => {
      void answer().then(told => {
        response.statusCode = status
        response.end(typeof told === 'string' ? told : JSON.stringify(told))
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/price`
  })
  afterAll(() => server?.close())

  const nowSeconds = 1_800_000_000
  async function signed(
    change: { price?: string; expires?: number; by?: typeof author; chainId?: number } = {},
  ) {
    const { price = '2.5', expires = nowSeconds + 30, by = author, chainId = 103 } = change
    const typedData = tokenPriceTypedData({ chainId, token: coin.address, price, expires })
    return { price, expires, signature: await by.signTypedData(typedData) }
  }
  const oracle = (allowPrivateNetworks = true) =>
    createSignedUrl({
      chainId: 103,
      token: priced(),
      url,
      signer: author.address,
      maxAgeSeconds: 60,
      rules: { allowPrivateNetworks },
      now: () => nowSeconds,
    })

  it('is believed by its signature', async () => {
    answer = signed
    expect((await read(oracle())).rate).toBe(2_500_000n)
    answer = () => signed({ price: '0.000001' })
    expect((await read(oracle())).rate).toBe(1n)
  })

  it('is not believed when expired, valid for too long, by another, for another chain, changed or malformed', async () => {
    const stranger = privateKeyToAccount(generatePrivateKey())
    const cases: [() => Promise<unknown>, string][] = [
      [() => signed({ expires: nowSeconds }), 'has expired'],
      [() => signed({ expires: nowSeconds + 61 }), 'good for longer than the 60 seconds'],
      [() => signed({ by: stranger }), 'did not sign'],
      [() => signed({ chainId: 104 }), 'did not sign'],
      [async () => ({ ...(await signed()), price: '2.4' }), 'did not sign'],
      [() => signed({ price: '0.0' }), 'tells 0'],
      [async () => ({ ...(await signed()), price: '-1' }), 'something else than {price, expires, signature}'],
      [async () => 'not JSON', 'something else than'],
      [async () => 'x'.repeat(5_000), 'more than 4096 bytes'],
    ]
    for (const [told, problem] of cases) {
      answer = told
      expect((await read(oracle())).problem).toContain(problem)
    }
    status = 503
    expect((await read(oracle())).problem).toContain('HTTP status 503')
    status = 200
  })

  it('is not asked on a loopback address, unless the operator allows its own networks', async () => {
    answer = signed
    expect((await read(oracle(false))).problem).toContain('cannot be asked')
  })
})
