// Gas paid in a token that is not the compute token: asked for by an unmodified client, signed at the price of the moment,
// landed on a real chain, and booked to the unit.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { decodePaymasterData } from '@worldland-aa/sdk/protocol/paymasterData'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { type Address, encodeFunctionData, erc20Abi, type Hex, parseEther, parseEventLogs } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LedgerSchema, ledgerMigrations } from './ledger/schema.ts'
import { createTokenCharges } from './pricing/tokens/tokenCharges.ts'
import { landOperation } from './testing/landOperation.ts'
import { type Deployed, deploy } from './testing/priceContracts.ts'
import { fees, gas, newAccount, stranger, transferCall, viemClient, welcomePolicy } from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster, untilSettled } from './testing/startPaymaster.ts'

const decimals = [0, 6, 18, 27] as const
const plenty = 10n ** 36n

let chain: Chain
let service: PaymasterUnderTest
const coins: Deployed[] = []
const feeds: Deployed[] = []

beforeAll(async () => {
  chain = await startChain()
  for (const places of decimals) {
    coins.push(await deploy(chain, 'PlainToken', places))
    // A coin is worth a million and a half.
    feeds.push(await deploy(chain, 'PriceFeed', 8, 150_000_000_000_000n))
  }
  const file = join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens.json')
  const tokens = coins.map(({ address }, place) => ({
    address,
    sources: [
      {
        kind: 'chainlinkFeed',
        feed: feeds[place]?.address,
        quotes: 'tokenPerNative',
        maxAgeSeconds: 100_000,
      },
    ],
    markupBps: 250,
  }))
  writeFileSync(file, JSON.stringify({ tokens }))
  service = await startPaymaster(chain, {
    policies: { policies: [welcomePolicy(chain, { contracts: coins.map(coin => welcome(coin.address)) })] },
    settings: { tokens: file },
  })
}, 60_000)
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

const welcome = (address: Address) => ({
  address,
  functions: ['approve(address,uint256)', 'transfer(address,uint256)'],
})

function at<Value>(values: readonly Value[], place: number): Value {
  const value = values[place]
  if (value === undefined) throw new Error(`there is nothing at ${place}`)
  return value
}

function callOn(coin: Deployed, functionName: 'approve' | 'transfer', to: Address, amount: bigint) {
  return { to: coin.address, data: encodeFunctionData({ abi: erc20Abi, functionName, args: [to, amount] }) }
}

/** Deployed, holds plenty, and has approved the paymaster in an operation that the operator paid. */
async function payer(coin: Deployed, amount = plenty): Promise<SmartAccount> {
  const account = await newAccount(chain, 0n)
  await coin.send('mint', account.address, plenty)
  const client = viemClient(chain, service.url, account, 'client')
  const calls = [callOn(coin, 'approve', chain.paymaster, amount)]
  await landOperation(chain, account, await client.prepareUserOperation({ calls, ...gas, ...fees }))
  return account
}

async function prepare(account: SmartAccount, coin: Deployed, change: object = {}) {
  const client = viemClient(chain, service.url, account, 'client')
  const calls = [callOn(coin, 'transfer', stranger, 1n)]
  const paymasterContext = { token: coin.address }
  return await client.prepareUserOperation({ calls, ...gas, ...fees, paymasterContext, ...change })
}

async function revenueOf(coin: Deployed): Promise<bigint> {
  const contract = { address: chain.paymaster, abi: computePaymasterAbi } as const
  return await chain.client.readContract({ ...contract, functionName: 'erc20Revenue', args: [coin.address] })
}

type Token = { readonly decimals: number }
type Answer = {
  readonly result: { readonly quotes: readonly Token[]; readonly tokens: readonly Token[] } & readonly Token[]
  readonly error?: { readonly data?: { readonly reason?: string } }
}

async function ask(method: string, params: readonly unknown[]): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  return (await (await fetch(service.url, { method: 'POST', body })).json()) as Answer
}

const quotesOf = (...tokens: readonly Address[]) =>
  ask('pimlico_getTokenQuotes', [{ tokens }, chain.entryPoint, '0x67'])

describe('gas in another token', () => {
  it.each(decimals.map((places, place) => [places, place] as const))(
    'of %i decimals is charged at least what the deposit lost at the signed rate, and nothing else',
    async (_, place) => {
      const coin = at(coins, place)
      const account = await payer(coin)
      const before = (await coin.read('balanceOf', account.address)) as bigint
      const operation = await prepare(account, coin)
      const signed = decodePaymasterData((operation as { paymasterData: Hex }).paymasterData)
      if (signed?.terms.mode !== 'erc20') throw new Error('signed in another mode')
      const { rate, markupBps, maxChargeUnits } = signed.terms
      expect([rate, markupBps]).toEqual([1_500_000n * 10n ** BigInt(at(decimals, place)), 250])

      const landed = await landOperation(chain, account, operation)
      expect(landed.success).toBe(true)
      const [charged] = parseEventLogs({
        abi: [...computePaymasterAbi, ...entryPoint07Abi],
        logs: landed.receipt.logs,
        eventName: 'Erc20Charged',
      })
      const charge = charged?.args.charge ?? 0n
      const lostWei = (landed.costWei * (10_000n + BigInt(markupBps)) + 9_999n) / 10_000n
      expect(charge).toBeGreaterThanOrEqual((lostWei * rate + 10n ** 18n - 1n) / 10n ** 18n)
      expect(charge + (charged?.args.refund ?? 0n)).toBeLessThanOrEqual(maxChargeUnits)
      const after = (await coin.read('balanceOf', account.address)) as bigint
      expect(before - after).toBe(charge + 1n)
      expect(await coin.read('balanceOf', chain.paymaster)).toBe(charge)
      expect(await revenueOf(coin)).toBe(charge)
    },
  )

  it('names the spread in its quote: what the source says, the markup, the age', async () => {
    const coin = at(coins, 1)
    const { result } = await quotesOf(coin.address)
    expect(result.quotes).toMatchObject([
      {
        paymaster: chain.paymaster,
        token: coin.address,
        decimals: 6,
        exchangeRate: `0x${(1_537_500_000_000n).toString(16)}`,
        balanceSlot: '0x2',
        spread: {
          oracleRate: `0x${(1_500_000_000_000n).toString(16)}`,
          markupBps: 250,
          roundingBps: 0,
          ageSeconds: expect.any(Number),
          sources: ['chainlinkFeed'],
        },
      },
    ])
  })

  it('is spoken of wherever tokens are', async () => {
    const { result: supported } = await ask('pimlico_getSupportedTokens', [])
    expect(supported.map(token => token.decimals)).toEqual([18, ...decimals])
    const { result } = await ask('pm_supportedERC20Tokens', [chain.entryPoint])
    expect(result.tokens).toHaveLength(5)
  })

  it('cannot be approved by the operation that it pays for, which is told the remedy', async () => {
    const coin = at(coins, 1)
    const account = await newAccount(chain, 0n)
    await coin.send('mint', account.address, plenty)
    const calls = [callOn(coin, 'approve', chain.paymaster, plenty)]
    await expect(prepare(account, coin, { calls })).rejects.toThrow(
      /has not approved the paymaster to take its gas in TUSD, and the approval in this batch comes too late: this token is taken before it runs: approve\(.*\) on .* in an operation before this one, or pay this one in the compute token/s,
    )
  })

  it('is refused to the unit: an allowance or a balance of one less than the most that it may cost', async () => {
    const coin = at(coins, 1)
    const account = await payer(coin)
    const operation = await prepare(account, coin)
    const signed = decodePaymasterData((operation as { paymasterData: Hex }).paymasterData)
    if (signed?.terms.mode !== 'erc20') throw new Error('signed in another mode')
    const { maxChargeUnits } = signed.terms
    const approve = async (amount: bigint) => {
      const client = viemClient(chain, service.url, account, 'client')
      const calls = [callOn(coin, 'approve', chain.paymaster, amount)]
      await landOperation(chain, account, await client.prepareUserOperation({ calls, ...gas, ...fees }))
    }
    await approve(maxChargeUnits - 1n)
    await expect(prepare(account, coin)).rejects.toThrow(
      `has approved ${maxChargeUnits - 1n} units of TUSD, and its gas may cost ${maxChargeUnits}`,
    )
    await approve(maxChargeUnits)
    await prepare(account, coin)
  })

  it('is refused to a sender whom the token bars', async () => {
    const coin = at(coins, 1)
    const account = await payer(coin)
    await coin.send('bar', account.address, true)
    await expect(prepare(account, coin)).rejects.toThrow('TUSD would not move')
    await coin.send('bar', account.address, false)
    await prepare(account, coin)
  })

  it('is not taken in a token that nobody has set up', async () => {
    const account = await newAccount(chain, parseEther('1'))
    const paymasterContext = { token: stranger }
    const client = viemClient(chain, service.url, account, 'client')
    await expect(
      client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees, paymasterContext }),
    ).rejects.toThrow('is not accepted here: gas is paid in')
  })

  it('is refused while the price deviates, and while it is stale', async () => {
    const [coin, feed] = [at(coins, 2), at(feeds, 2)]
    const account = await payer(coin)
    const reason = async () => (await quotesOf(coin.address)).error?.data?.reason
    await feed.send('tellNow', 300_000_000_000_000n)
    await expect.poll(reason).toBe('priceDeviates')
    await expect(prepare(account, coin)).rejects.toThrow('differs from 1500000 by 100 %')
    // A healthy token among those asked for is told all the same.
    expect((await quotesOf(coin.address, at(coins, 1).address)).result.quotes).toHaveLength(1)

    const { timestamp } = await chain.client.getBlock()
    await feed.send('tell', 150_000_000_000_000n, timestamp - 100_100n)
    await expect.poll(reason).toBe('priceStale')
    await expect(prepare(account, coin)).rejects.toThrow('seconds old, which is too old')

    await feed.send('tellNow', 150_000_000_000_000n)
    await expect.poll(reason).toBeUndefined()
    await prepare(account, coin)
  })

  it('is booked to the unit: the books agree with what the contract holds', async () => {
    await untilSettled(chain, service.url)
    await service.stop()
    const database = await openDatabase<LedgerSchema>({
      path: service.config.dataFile,
      migrations: ledgerMigrations,
    })
    const charges = createTokenCharges(database as never)
    for (const coin of coins) {
      const booked = await charges.charged(coin.address)
      expect(booked).toEqual({ charge: await revenueOf(coin), operations: 1 })
    }
    await database.destroy()
  })
})
