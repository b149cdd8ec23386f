// The explorer over the running service: why an operation was granted or refused, and what came of it, to the wei.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import {
  approveCall,
  fees,
  gas,
  newAccount,
  stranger,
  type TestCall,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import type { Overview } from '../overview/schema.ts'
import { type Browser, type House, startHouse } from '../testing/startHouse.ts'
import type { Operation, OperationDetail, OperationList } from './schema.ts'

const finalityBlocks = 3
let chain: Chain
let house: House
let viewer: Browser

beforeAll(async () => {
  chain = await startChain()
  const policies = join(mkdtempSync(join(tmpdir(), 'policies-')), 'policies.json')
  writeFileSync(policies, JSON.stringify({ policies: [welcomePolicy(chain)] }))
  house = await startHouse(chain, { finalityBlocks, policies })
  viewer = await house.signIn('viewer')
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

async function prepare(account: SmartAccount, calls: readonly TestCall[], context: object = {}) {
  const client = viemClient(chain, house.url, account, 'client')
  return await client.prepareUserOperation({ calls: [...calls], ...gas, ...fees, paymasterContext: context })
}

async function list(query: string): Promise<OperationList> {
  const { status, body } = await viewer.ask<OperationList>('GET', `/operations?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

async function detail(id: string): Promise<OperationDetail> {
  const { status, body } = await viewer.ask<OperationDetail>('GET', `/operations/${id}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

/** The newest of the sender's, once it is as expected. */
async function untilShown(sender: Address, expected: Partial<Operation>): Promise<Operation> {
  await expect.poll(async () => (await list(`sender=${sender}`)).items[0]).toMatchObject(expected)
  return (await list(`sender=${sender}`)).items[0] as Operation
}

const mine = (blocks: number) => chain.anvil.client.mine({ blocks })

/** As if they had been spent elsewhere in between. */
async function setTokens(account: SmartAccount, tokensWei: bigint): Promise<void> {
  const slot = encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account.address, 0n])
  await chain.anvil.client.setStorageAt({
    address: chain.token,
    index: keccak256(slot),
    value: numberToHex(tokensWei, { size: 32 }),
  })
}

describe('a granted operation', () => {
  it('is shown rule by rule, and followed from its reservation to what it cost', async () => {
    const account = await newAccount(chain)
    const operation = await prepare(account, [transferCall(chain)])
    const reserved = await untilShown(account.address, { outcome: 'granted', state: 'reserved' })
    expect(reserved).toMatchObject({ mode: 'sponsor', policyId: 'welcome', times: 1, actualCostWei: null })
    const { costWei, receipt } = await landOperation(chain, account, operation)
    await untilShown(account.address, { state: 'included' })
    await mine(finalityBlocks)
    const final = await untilShown(account.address, { state: 'final' })
    expect(final).toMatchObject({
      id: reserved.id,
      actualCostWei: String(costWei),
      lossWei: '0',
      succeeded: true,
      transactionHash: receipt.transactionHash,
      blockNumber: String(receipt.blockNumber),
    })
    const found = await detail(String(final.userOperationHash))
    expect(found.decision?.rules.filter(({ passed }) => passed === false)).toEqual([])
    expect(found.decision?.rules.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['policy', 'gas', 'calls', 'cost', 'budgets']),
    )
    expect(found.decision?.calls).toMatchObject([{ to: chain.token, selector: '0xa9059cbb', valueWei: '0' }])
    expect(found.decision?.operation).toMatchObject({
      sender: account.address,
      callData: (operation as unknown as { callData: Hex }).callData,
    })
    expect(found.ledger).toMatchObject({ state: 'final', signatures: [{ mode: 'sponsor' }] })
    expect(found.receipt).toMatchObject({ status: 'read', revertData: null })
    expect(found.bundler).toMatchObject({ connection: 'notConnected' })
  })

  it('says why it failed, where its execution did', async () => {
    const account = await newAccount(chain)
    const operation = await prepare(account, [transferCall(chain, parseEther('0.5'))])
    await setTokens(account, 0n)
    await landOperation(chain, account, operation)
    const { id } = await untilShown(account.address, { state: 'included', succeeded: false })
    const { receipt } = await detail(id)
    expect(receipt.revertReason).toContain('ERC20InsufficientBalance')
  })

  it('shows what the token was charged, and that it was paid', async () => {
    const account = await newAccount(chain)
    const operation = await prepare(account, [approveCall(chain), transferCall(chain)], {
      token: chain.token,
    })
    const { costWei } = await landOperation(chain, account, operation)
    const shown = await untilShown(account.address, { state: 'included', mode: 'tokenDeferred' })
    expect(shown).toMatchObject({ policyId: null, isChargePaid: true, lossWei: '0' })
    expect(BigInt(shown.chargeWei ?? 0)).toBeGreaterThan(costWei)
  })

  it('is reserved again where a reorg takes its landing back', async () => {
    const account = await newAccount(chain)
    const operation = await prepare(account, [transferCall(chain)])
    await landOperation(chain, account, operation)
    await untilShown(account.address, { state: 'included' })
    await chain.anvil.client.request({ method: 'anvil_reorg', params: [1, []] } as never)
    await mine(1)
    const back = await untilShown(account.address, { state: 'reserved' })
    expect(back).toMatchObject({ actualCostWei: null, transactionHash: null, blockNumber: null })
  })
})

describe('a refused operation', () => {
  it('is shown with its reason and the rule that it broke', async () => {
    const account = await newAccount(chain)
    const refused = prepare(account, [{ to: stranger, data: '0x', value: 1n }])
    await expect(refused).rejects.toThrow()
    const { id } = await untilShown(account.address, { outcome: 'refused', reason: 'callNotAllowed' })
    const { decision, ledger } = await detail(id)
    expect(decision?.sentence).toContain('does not sponsor call 0')
    expect(decision?.rules.find(({ passed }) => passed === false)).toMatchObject({ rule: 'calls' })
    expect(ledger).toBeNull()
  })

  it('is one row with a number, however often its sender asks within a minute', async () => {
    const account = await newAccount(chain)
    for (let times = 0; times < 25; times++) await askFor(account, numberToHex(times))
    await expect
      .poll(async () => {
        const { items } = await list(`sender=${account.address}`)
        return { rows: items.length, times: items.reduce((sum, { times }) => sum + times, 0) }
      })
      .toMatchObject({ times: 25 })
    // Two where the minute ended in between.
    expect((await list(`sender=${account.address}`)).items.length).toBeLessThanOrEqual(2)
  })

  it('is shown without a sender where it was refused before it was read', async () => {
    const operator = await house.signIn('operator')
    const paused = await operator.ask('POST', '/brake/pause', {})
    expect(paused.status, JSON.stringify(paused.body)).toBeLessThan(300)
    await askFor(await newAccount(chain), '0x0')
    await operator.ask('POST', '/brake/resume', {})
    await expect
      .poll(async () => (await list('reason=paused')).items[0])
      .toMatchObject({ outcome: 'refused', sender: null, userOperationHash: null })
  })
})

it('shows who was kept out by a key that is none', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${house.url}/?apikey=wlp_nobodys`, { method: 'POST', headers, body })
  await expect
    .poll(async () => (await list('outcome=refused&limit=200')).items.map(({ reason }) => String(reason)))
    .toContainEqual(expect.stringMatching(/^apiKey\./))
})

/** A plain transfer, which no policy sponsors. */
async function askFor(account: SmartAccount, nonce: Hex): Promise<void> {
  const operation = {
    sender: account.address,
    nonce,
    ...(await account.getFactoryArgs()),
    callData: await account.encodeCalls([{ to: stranger, data: '0x', value: 1n }]),
    callGasLimit: numberToHex(gas.callGasLimit),
    verificationGasLimit: numberToHex(gas.verificationGasLimit),
    preVerificationGas: numberToHex(gas.preVerificationGas),
    maxFeePerGas: numberToHex(fees.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(fees.maxPriorityFeePerGas),
    signature: await account.getStubSignature(),
  }
  const params = [operation, chain.entryPoint, '0x67', {}]
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'pm_getPaymasterData', params })
  const headers = { 'content-type': 'application/json' }
  const answer = (await (await fetch(house.url, { method: 'POST', headers, body })).json()) as object
  expect(answer).toHaveProperty('error')
}

describe('the explorer', () => {
  it('goes through all rows page by page, each once', async () => {
    const all = await list('limit=200')
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page: OperationList = await list(`limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(ids).toEqual(all.items.map(({ id }) => id))
    expect(all).toMatchObject({ count: ids.length, isCountCapped: false })
  })

  it('finds by the beginning of a hash, of a sender, by a nonce, by time and by any of its columns', async () => {
    const { items } = await list('limit=200')
    const some = items.find(({ state, mode }) => state === 'final' && mode === 'sponsor') as Operation
    const { sender, userOperationHash, nonce, atSeconds } = some as Record<string, unknown>
    const queries = [
      `search=${String(userOperationHash).slice(0, 12)}`,
      `search=${String(sender).slice(0, 11)}`,
      `search=${nonce}&state=final`,
      `fromSeconds=${atSeconds}&untilSeconds=${atSeconds}`,
      `outcome=granted&state=final&mode=sponsor&policyId=welcome&sender=${sender}`,
    ]
    for (const query of queries) {
      expect(
        (await list(query)).items.map(({ id }) => id),
        query,
      ).toContain(some.id)
    }
    expect((await list(`sender=${sender}&reason=callNotAllowed`)).items).toEqual([])
    expect((await list('policyId=another')).items).toEqual([])
  })

  it.each([
    ['search=0x12', 'search'],
    ['sender=0x12', 'sender'],
    ['cursor=first', 'cursor'],
    ['limit=1000', 'limit'],
    ['state=landed', 'state'],
  ])('refuses %s by the name of the field', async (query, field) => {
    const { status, body } = await viewer.ask<{ error: { field: string } }>('GET', `/operations?${query}`)
    expect(status).toBe(400)
    expect(body.error.field).toBe(field)
  })

  it('gives the same rows as CSV, each with the wei of the list', async () => {
    const { items } = await list('limit=200')
    const { body, headers } = await viewer.ask<string>('GET', '/operations.csv')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [heading, ...lines] = body
      .trimEnd()
      .split('\r\n')
      .map(line => line.split(','))
    const column = (line: readonly string[] | undefined, name: string): string =>
      line?.[heading?.indexOf(name) ?? -1] ?? ''
    expect(lines.map(line => column(line, 'id'))).toEqual(items.map(({ id }) => id))
    expect(lines.map(line => column(line, 'actualCostWei'))).toEqual(
      items.map(({ actualCostWei }) => actualCostWei ?? ''),
    )
  })

  it('knows no operation that it was not asked for, and nobody who has not signed in', async () => {
    const unknown = await viewer.ask('GET', `/operations/0x${'12'.repeat(32)}`)
    expect(unknown.status).toBe(404)
    for (const path of ['/operations', '/operations.csv', '/overview']) {
      expect((await house.newBrowser().ask('GET', path)).status, path).toBe(401)
    }
  })
})

describe('the overview', () => {
  it('adds up to what the explorer shows, to the wei', async () => {
    await mine(finalityBlocks)
    await expect.poll(async () => (await list('state=included')).items).toEqual([])
    const { items } = await list('limit=200')
    await expect
      .poll(async () => (await viewer.ask<Overview>('GET', '/overview?range=24h')).body.totals.operations)
      .toBe(items.filter(({ state }) => state === 'final').length)
    const { body } = await viewer.ask<Overview>('GET', '/overview?range=24h')
    const costWei = items.reduce((sum, { actualCostWei }) => sum + BigInt(actualCostWei ?? 0), 0n)
    const requests = (outcome: string): number =>
      items.filter(item => item.outcome === outcome).reduce((sum, { times }) => sum + times, 0)
    expect(body.totals).toMatchObject({
      costWei: String(costWei),
      granted: requests('granted'),
      refused: requests('refused'),
    })
    expect(body.allTime.costWei).toBe(String(costWei))
    expect(body.spend.flatMap(({ costsWei }) => costsWei).reduce((sum, wei) => sum + BigInt(wei), 0n)).toBe(
      costWei,
    )
    expect(body.refusals.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['callNotAllowed', 'paused']),
    )
    expect(body.runway.days).toBeGreaterThan(0)
  })
})
