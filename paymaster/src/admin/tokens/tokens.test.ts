// Tokens steered by the admin API while the service runs: a source is tried before it is kept, a token is taken from the
// next request on, and what it brought in is told to the unit.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { encodeFunctionData, erc20Abi, getAddress, parseEther, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import { type Deployed, deploy } from '../../testing/priceContracts.ts'
import { fees, fillTank, gas, newAccount, stranger, transferCall, viemClient } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { untilSettled } from '../../testing/startPaymaster.ts'
import type { Overview } from '../overview/schema.ts'
import { type Browser, type House, startHouse } from '../testing/startHouse.ts'
import type { PriceSeries, TestedSource, Token, TokenList, TokenSettings } from './schema.ts'

type Refused = { readonly error: { code: string; message: string; field?: string } }

let chain: Chain
let house: House
let operator: Browser
let coin: Deployed
let feed: Deployed

beforeAll(async () => {
  chain = await startChain()
  coin = await deploy(chain, 'PlainToken', 6)
  feed = await deploy(chain, 'PriceFeed', 8, 250_000_000n)
  const policy = {
    ...{ id: 'approvals', name: 'Approvals', default: true, factories: 'any' },
    contracts: [{ address: coin.address, functions: ['approve(address,uint256)'] }],
    limits: { costPerOperationWei: '0.1ether', global: { costWei: '1ether' } },
  }
  house = await startHouse(chain, {}, { policies: [policy] })
  operator = await house.signIn('operator')
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

const source = () => ({
  kind: 'chainlinkFeed' as const,
  feed: feed.address,
  quotes: 'tokenPerNative' as const,
  maxAgeSeconds: 3_600,
})
const settings = (change: Partial<TokenSettings> = {}): TokenSettings => ({
  sources: [source()],
  markupBps: 300,
  maxStepDeviationBps: 1_000,
  maxSourceDeviationBps: 200,
  refundGas: 20_000,
  enabled: true,
  ...change,
})
const save = (body: object, address: string = coin.address) =>
  operator.ask<Token & Refused>('PUT', `/tokens/${address}`, body)
const show = async () => (await operator.ask<Token>('GET', `/tokens/${coin.address}`)).body

describe('tokens in the console', () => {
  it('begin with the compute token, at par', async () => {
    const { body } = await operator.ask<TokenList>('GET', '/tokens')
    expect(body.items).toMatchObject([
      {
        address: chain.token,
        isComputeToken: true,
        settings: null,
        spread: { markupBps: 1_000, totalBps: 1_000 },
      },
    ])
    expect(body.nextCursor).toBeNull()
  })

  it('have their source tried before it is kept', async () => {
    const ask = async (change: object) =>
      (
        await operator.ask<TestedSource>('POST', '/tokens/test-source', {
          token: coin.address,
          source: { ...source(), ...change },
        })
      ).body
    expect(await ask({})).toMatchObject({ ok: true, rate: '2500000', tokensPerNative: '2.5', problem: null })
    const none = await ask({ feed: chain.token })
    expect(none).toMatchObject({ ok: false, rate: null, problem: { code: 'priceUnavailable' } })
    expect(none.problem?.message).toContain('could not be read')
    const { timestamp } = await chain.client.getBlock()
    await feed.send('tell', 250_000_000n, timestamp - 4_000n)
    expect(await ask({})).toMatchObject({ ok: false, rate: '2500000', problem: { code: 'priceStale' } })
    await feed.send('tellNow', 250_000_000n)
  })

  it('are refused with the field that is wrong', async () => {
    const cases: [object, string, string][] = [
      [settings({ markupBps: -1 }), coin.address, 'markupBps'],
      [settings({ sources: [] }), coin.address, 'sources'],
      [settings({ refundGas: 5 }), coin.address, 'refundGas'],
      [{ ...settings(), surprise: 1 }, coin.address, ''],
      [settings(), stranger, 'address'],
      [settings(), chain.token, 'address'],
    ]
    for (const [body, address, field] of cases) {
      const refused = await save(body, address)
      expect(refused.status).toBe(400)
      if (field !== '') expect(refused.body.error.field).toBe(field)
    }
    expect((await operator.ask('PUT', '/tokens/0x12', settings())).status).toBe(400)
  })

  it('are taken from the next request on, and their revenue is told to the unit', async () => {
    expect((await save(settings())).body).toMatchObject({
      symbol: 'TUSD',
      decimals: 6,
      enabled: true,
      problem: null,
    })
    const account = await newAccount(chain, 0n)
    await coin.send('mint', account.address, 10n ** 12n)
    const client = viemClient(chain, house.url, account, 'client')
    const approval = {
      to: coin.address,
      data: encodeFunctionData({
        abi: erc20Abi,
        functionName: 'approve',
        args: [chain.paymaster, 10n ** 12n],
      }),
    }
    const common = { calls: [approval], ...gas, ...fees }
    await landOperation(chain, account, await client.prepareUserOperation(common))
    const paid = { ...common, paymasterContext: { token: coin.address } }
    const { receipt } = await landOperation(chain, account, await client.prepareUserOperation(paid))
    const [charged] = parseEventLogs({
      abi: computePaymasterAbi,
      logs: receipt.logs,
      eventName: 'Erc20Charged',
    })
    await untilSettled(chain, house.url)
    const charge = String(charged?.args.charge)
    expect(await show()).toMatchObject({
      charged: charge,
      operations: 1,
      revenue: charge,
      refundsKept: '0',
      price: {
        rate: '2500000',
        rateWithMarkup: '2575000',
        tokensPerNative: '2.5',
        sources: [{ kind: 'chainlinkFeed', problem: null }],
      },
      spread: { markupBps: 300, roundingBps: 0, totalBps: 300 },
    })
    const series = await operator.ask<PriceSeries>('GET', `/tokens/${coin.address}/prices`)
    expect(series.body.points).toMatchObject([{ rate: '2500000', tokensPerNative: 2.5 }])

    await chain.anvil.client.mine({ blocks: 5 })
    await untilSettled(chain, house.url)
    const seen = { token: getAddress(coin.address), symbol: 'TUSD', decimals: 6, units: charge }
    const overview = async () => (await operator.ask<Overview>('GET', '/overview')).body
    await expect.poll(async () => (await overview()).tokenCharges).toMatchObject([{ ...seen, operations: 1 }])
    const { totals, tokenRevenue } = await overview()
    expect(tokenRevenue).toEqual([seen])
    expect(totals).toMatchObject({ operations: 2, chargeWei: '0' })
    const csv = await fetch(`${house.url}/api/v1/operations.csv`, {
      headers: { cookie: operator.cookie() ?? '' },
    })
    expect(await csv.text()).toContain(`,${getAddress(coin.address)},${charge},`)

    const admin = await house.signIn('admin')
    const withdrawal = { recipient: stranger, amount: charge }
    const prepared = await admin.ask<{ to: `0x${string}`; data: `0x${string}` }>(
      'POST',
      `/tokens/${coin.address}/withdrawal`,
      withdrawal,
    )
    const { to, data } = prepared.body
    await chain.client.waitForTransactionReceipt({ hash: await chain.wallet.sendTransaction({ to, data }) })
    expect(await coin.read('balanceOf', stranger)).toBe(charged?.args.charge)
    expect((await operator.ask('POST', `/tokens/${coin.address}/withdrawal`, withdrawal)).status).toBe(403)
  })

  it('show why nothing is quoted, until an operator accepts the price', async () => {
    await feed.send('tellNow', 500_000_000n)
    await expect.poll(async () => (await show()).problem?.code).toBe('priceDeviates')
    expect((await show()).price?.tokensPerNative).toBe('2.5')
    const accepted = await operator.ask<Token>('POST', `/tokens/${coin.address}/accept-price`)
    expect(accepted.body).toMatchObject({ problem: null, price: { tokensPerNative: '5' } })
  })

  it('are disabled and taken out, and a viewer does neither', async () => {
    const viewer = await house.signIn('viewer')
    expect((await viewer.ask('PUT', `/tokens/${coin.address}`, settings())).status).toBe(403)
    expect((await viewer.ask('DELETE', `/tokens/${coin.address}`)).status).toBe(403)
    expect((await save(settings({ enabled: false }))).body).toMatchObject({ enabled: false })
    const supported = await (
      await fetch(house.url, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'pimlico_getSupportedTokens', params: [] }),
      })
    ).json()
    expect(supported).toMatchObject({ result: [{ token: chain.token }] })
    expect((await operator.ask('DELETE', `/tokens/${coin.address}`)).status).toBe(204)
    expect((await operator.ask('GET', `/tokens/${coin.address}`)).status).toBe(404)
    const audit = await operator.ask<{ items: { action: string }[] }>('GET', '/audit')
    const actions = audit.body.items.map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['token.save', 'token.acceptPrice', 'token.prepareWithdrawal', 'token.remove']),
    )
  })

  it('tell what operations paid in the compute token, to the wei', async () => {
    const account = await newAccount(chain)
    await fillTank(chain, account.address, parseEther('0.2'))
    await untilSettled(chain, house.url)
    const client = viemClient(chain, house.url, account, 'client')
    const paymasterContext = { tank: true }
    const calls = [transferCall(chain)]
    const operation = await client.prepareUserOperation({ calls, ...gas, ...fees, paymasterContext })
    const { logs } = (await landOperation(chain, account, operation)).receipt
    const [event] = parseEventLogs({ abi: computePaymasterAbi, logs, eventName: 'TankCharged' })
    await chain.anvil.client.mine({ blocks: 3 })
    await untilSettled(chain, house.url)
    const { body } = await operator.ask<TokenList>('GET', '/tokens')
    expect(body.items[0]).toMatchObject({ charged: String(event?.args.chargeWei), operations: 1 })
  })
})
