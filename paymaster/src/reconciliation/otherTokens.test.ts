// Other ERC-20s in the books against a real chain, to the smallest unit: even where each charge is booked, and every drift
// with what explains it.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { encodeFunctionData, erc20Abi, getAddress, type Hash, parseEventLogs } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DriftItem, ReconciliationRun } from '../admin/reconciliation/schema.ts'
import { type Browser, type House, startHouse } from '../admin/testing/startHouse.ts'
import { landOperation } from '../testing/landOperation.ts'
import { meddleWith } from '../testing/meddleWith.ts'
import { type Deployed, deploy } from '../testing/priceContracts.ts'
import { fees, gas, newAccount, stranger, viemClient } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { startPaymaster, untilSettled } from '../testing/startPaymaster.ts'

const finalityBlocks = 3
const plenty = 10n ** 12n
let chain: Chain
let house: House
let operator: Browser
let coin: Deployed
let tokensFile: string
let account: SmartAccount

beforeAll(async () => {
  chain = await startChain()
  coin = await deploy(chain, 'PlainToken', 6)
  const feed = await deploy(chain, 'PriceFeed', 8, 250_000_000n)
  tokensFile = join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens.json')
  const source = {
    ...{ kind: 'chainlinkFeed', feed: feed.address, quotes: 'tokenPerNative', maxAgeSeconds: 100_000 },
  }
  writeFileSync(
    tokensFile,
    JSON.stringify({ tokens: [{ address: coin.address, sources: [source], markupBps: 250 }] }),
  )
  const policy = {
    ...{ id: 'approvals', name: 'Approvals', default: true, factories: 'any' },
    contracts: [
      { address: coin.address, functions: ['approve(address,uint256)', 'transfer(address,uint256)'] },
    ],
    limits: { costPerOperationWei: '0.1ether', global: { costWei: '1ether' } },
  }
  house = await startHouse(chain, { tokens: tokensFile, finalityBlocks }, { policies: [policy] })
  operator = await house.signIn('operator')
  account = await newAccount(chain, 0n)
  await coin.send('mint', account.address, plenty)
}, 60_000)
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

async function operate(
  functionName: 'approve' | 'transfer',
  to: `0x${string}`,
  amount: bigint,
  context = {},
  url = house.url,
) {
  await untilSettled(chain, url)
  const data = encodeFunctionData({ abi: erc20Abi, functionName, args: [to, amount] })
  const client = viemClient(chain, url, account, 'client')
  const calls = [{ to: coin.address, data }]
  const operation = await client.prepareUserOperation({ calls, ...gas, ...fees, ...context })
  return (await landOperation(chain, account, operation)).receipt
}

/** An operation that pays in the token; what it was charged. */
async function pay(url = house.url): Promise<{ charge: bigint; hash: Hash }> {
  const receipt = await operate('transfer', stranger, 1n, { paymasterContext: { token: coin.address } }, url)
  const { logs } = receipt
  const [event] = parseEventLogs({ abi: computePaymasterAbi, logs, eventName: 'Erc20Charged' })
  if (event === undefined) throw new Error('nothing was charged')
  return { charge: event.args.charge, hash: event.args.userOpHash }
}

/** Of all that is on the chain by now. */
async function reconciled(): Promise<ReconciliationRun> {
  await settled()
  const { status, body } = await operator.ask<ReconciliationRun>('POST', '/reconciliation/runs')
  expect(status).toBe(200)
  return body
}
async function settled(): Promise<void> {
  await chain.anvil.client.mine({ blocks: finalityBlocks })
  await untilSettled(chain, house.url)
}
const itemsOf = async ({ id }: ReconciliationRun) =>
  (await operator.ask<{ items: DriftItem[] }>('GET', `/reconciliation/runs/${id}/items`)).body.items

describe('the books in another token', () => {
  it('begin with what the contract holds', async () => {
    await operate('approve', chain.paymaster, plenty)
    expect((await reconciled()).itemCount).toBe(0)
  })

  it('are even to the unit after charges and a withdrawal of the owner’s', async () => {
    const charge = (await pay()).charge + (await pay()).charge
    const args = [coin.address, stranger, 5n] as const
    const contract = { address: chain.paymaster, abi: computePaymasterAbi } as const
    const hash = await chain.wallet.writeContract({ ...contract, functionName: 'withdrawErc20Revenue', args })
    await chain.client.waitForTransactionReceipt({ hash })
    const run = await reconciled()
    expect(run).toMatchObject({
      ...{ state: 'even', itemCount: 0 },
      otherTokens: [
        {
          ...{ token: getAddress(coin.address), symbol: 'TUSD', decimals: 6, operations: 2 },
          ...{ charged: String(charge), withdrawn: '5', drift: '0', carried: '0' },
          actual: String(charge - 5n),
        },
      ],
    })
  })

  it('name who sent tokens past them, to the unit', async () => {
    const { charge } = await pay()
    const gift = await operate('transfer', chain.paymaster, 7n)
    const run = await reconciled()
    expect(run).toMatchObject({
      ...{ state: 'explained', itemCount: 1 },
      otherTokens: [{ charged: String(charge), drift: '7', explained: '7', carried: '0' }],
    })
    expect(await itemsOf(run)).toMatchObject([
      {
        ...{ kind: 'tokenTransfer', wei: '7', token: getAddress(coin.address) },
        ...{ transactionHash: gift.transactionHash, account: account.address },
      },
    ])
  })

  it('name each operation that the ledger has at another charge than the chain, or at none', async () => {
    const [wrong, missing] = [await pay(), await pay()]
    await settled()
    const of = 'where landed_user_operation_hash = ?'
    meddleWith(
      house.config.dataFile,
      `update exposure set charged_units = ? ${of}`,
      String(wrong.charge - 4n),
      wrong.hash,
    )
    meddleWith(
      house.config.dataFile,
      `update exposure set charged_token = null, charged_units = null ${of}`,
      missing.hash,
    )
    const run = await reconciled()
    const drift = String(4n + missing.charge)
    expect(run).toMatchObject({
      ...{ state: 'explained', itemCount: 2 },
      otherTokens: [
        { operations: 2, charged: String(wrong.charge - 4n), drift, explained: drift, carried: '0' },
      ],
    })
    expect(await itemsOf(run)).toMatchObject([
      { kind: 'wrongCharge', wei: '4', userOperationHash: wrong.hash, account: account.address },
      { kind: 'unbookedCharge', wei: String(missing.charge), userOperationHash: missing.hash },
    ])
  })

  it('name what an operation paid that another signer signed for', async () => {
    const signerKey = generatePrivateKey()
    const contract = { address: chain.paymaster, abi: computePaymasterAbi } as const
    const args = [privateKeyToAddress(signerKey), true] as const
    const hash = await chain.wallet.writeContract({ ...contract, functionName: 'setSigner', args })
    await chain.client.waitForTransactionReceipt({ hash })
    const other = await startPaymaster(chain, { settings: { signerKey, tokens: tokensFile } })
    const foreign = await pay(other.url)
    await other.stop()
    const run = await reconciled()
    const units = String(foreign.charge)
    expect(run).toMatchObject({
      otherTokens: [{ charged: '0', drift: units, explained: units, carried: '0' }],
    })
    expect((await itemsOf(run)).filter(({ token }) => token !== null)).toMatchObject([
      { kind: 'foreignCharge', wei: units, userOperationHash: foreign.hash, account: account.address },
    ])
  })

  it('say what nothing explains, and keep saying so', async () => {
    await coin.send('mint', chain.paymaster, 3n)
    expect(await reconciled()).toMatchObject({
      ...{ state: 'unexplained', itemCount: 0 },
      otherTokens: [{ drift: '3', explained: '0', carried: '3' }],
    })
    expect(await reconciled()).toMatchObject({
      state: 'unexplained',
      otherTokens: [{ drift: '0', carried: '3' }],
    })
  })
})
