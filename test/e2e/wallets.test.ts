// Wallets of others: an injected wallet owns a ComputeAccount, by viem and by wagmi; a smart wallet sends the SDK's calls.

import {
  connect,
  createConfig,
  getWalletClient,
  injected,
  sendCalls as sendCallsByWagmi,
  waitForCallsStatus as waitForCallsByWagmi,
} from '@wagmi/core'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import { quoteGasAllowance } from '@worldland-aa/sdk/actions/operation/quoteGasAllowance'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import { createComputeReadClient } from '@worldland-aa/sdk/clients/createComputeReadClient'
import { decodeComputeEvent } from '@worldland-aa/sdk/events/decodeComputeEvent'
import { createClient, createWalletClient, custom, http, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { sendCalls, waitForCallsStatus } from 'viem/actions'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { consoleSession } from '../../scripts/console/consoleSession.ts'
import { callsWallet } from '../support/callsWallet.ts'
import { devnetStage } from '../support/devnet.ts'
import { type InjectedWallet, injectedWallet } from '../support/injectedWallet.ts'
import { giveTokens, holdingsOf } from '../support/money.ts'

const stage = devnetStage({ serving: false })
const pollingInterval = 100

async function rentAndStop(client: ReturnType<typeof createComputeClient>): Promise<void> {
  const quote = await client.quoteRental({ offerId: 1n, seconds: 600 })
  await giveTokens(stage, client.account.address, quote.totalWei)
  const { leaseId } = await client.waitForRental({
    hash: await client.rentInstance({ offerId: 1n, seconds: 600 }),
  })
  expect((await client.getLease({ leaseId })).payer).toBe(client.account.address)
  const { refundWei } = await client.waitForSettlement({ hash: await client.stopLease({ leaseId }) })
  expect(refundWei).toBe(quote.escrowWei)
}

const computeClientOf = async (owner: Parameters<typeof toComputeAccount>[0]['owner']) => {
  const { contracts, bundlerUrl } = stage.devnet
  const account = await toComputeAccount({ client: stage.client, contracts, owner })
  return createComputeClient({ account, contracts, bundlerUrl, pollingInterval })
}

describe('an injected wallet', () => {
  it('owns a ComputeAccount: rents, stops, and signs for it before and after it is deployed', async () => {
    const wallet = await injectedWallet({ rpcUrl: stage.devnet.rpcUrl })
    const owner = createWalletClient({
      account: wallet.address,
      chain: worldland,
      transport: custom(wallet.provider),
    })
    expect(owner.account.type).toBe('json-rpc')
    const client = await computeClientOf(owner)
    const { account } = client
    const signs = async (message: string) =>
      await stage.client.verifyMessage({
        address: account.address,
        message,
        signature: await account.signMessage({ message }),
      })
    expect(await signs('before')).toBe(true)
    await rentAndStop(client)
    expect(await signs('after')).toBe(true)
    expect(new Set(wallet.asked)).toEqual(new Set(['personal_sign', 'eth_signTypedData_v4']))

    wallet.refuse()
    const refused = client.transferToken({ to: wallet.address, amountWei: 1n })
    await expect(refused).rejects.toMatchObject({
      name: 'ComputeError',
      source: 'wallet',
      errorName: 'UserRejected',
      remedy: expect.stringContaining('Nothing was sent'),
    })
  })

  it('is told what is missing where its client names no account', async () => {
    const wallet = await injectedWallet({ rpcUrl: stage.devnet.rpcUrl })
    const owner = createWalletClient({ chain: worldland, transport: custom(wallet.provider) })
    await expect(computeClientOf(owner)).rejects.toThrow(/has no account.*eth_requestAccounts/s)
  })
})

/** As the recipe in sdk/docs/wallets.md; connected to the wallet that the page's window has. */
async function connected(wallet: InjectedWallet) {
  vi.stubGlobal('window', { ethereum: wallet.provider })
  const config = createConfig({
    chains: [worldland],
    connectors: [injected()],
    multiInjectedProviderDiscovery: false,
    client: ({ chain }) => createClient({ chain, transport: http(stage.devnet.rpcUrl), pollingInterval }),
  })
  const [connector] = config.connectors
  if (connector === undefined) throw new Error('There is no connector')
  await connect(config, { connector })
  return config
}

describe('wagmi', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('connects the wallet that owns a ComputeAccount', async () => {
    const wallet = await injectedWallet({ rpcUrl: stage.devnet.rpcUrl, accountIndex: 1 })
    const config = await connected(wallet)
    await rentAndStop(await computeClientOf(await getWalletClient(config)))
  })

  it('has a smart wallet send the calls of a rental', async () => {
    const { devnet, client } = stage
    const wallet = await callsWallet({ devnet, client, owner: privateKeyToAccount(generatePrivateKey()) })
    const config = await connected(wallet)
    await giveTokens(stage, wallet.address, parseEther('1'))
    const { calls, capabilities } = await rentalOf(wallet)
    const { id } = await sendCallsByWagmi(config, { calls, capabilities, chainId: worldland.id })
    const { status } = await waitForCallsByWagmi(config, { id, pollingInterval })
    expect(status).toBe('success')
  })

  it('gives a smart wallet the paymaster with an API key in its URL, which ends when the key is revoked', async () => {
    const { devnet, client } = stage
    const { ask } = await consoleSession(devnet, 'admin')
    const { key, apiKey } = await ask<{ key: string; apiKey: { id: string } }>('POST', '/api-keys', {
      name: 'The page',
      use: 'rpc',
      limits: { methods: ['pm_getPaymasterStubData', 'pm_getPaymasterData'] },
    })
    const wallet = await callsWallet({ devnet, client, owner: privateKeyToAccount(generatePrivateKey()) })
    const config = await connected(wallet)
    await giveTokens(stage, wallet.address, parseEther('1'))
    const { calls, capabilities } = await rentalOf(wallet)
    const { context } = capabilities.paymasterService
    const paymasterService = { url: `${devnet.paymasterUrl}/?apikey=${key}`, context }
    const send = () =>
      sendCallsByWagmi(config, { calls, capabilities: { paymasterService }, chainId: worldland.id })
    const { id } = await send()
    expect((await waitForCallsByWagmi(config, { id, pollingInterval })).status).toBe('success')
    expect(await ask('GET', `/api-keys/${apiKey.id}`)).toMatchObject({ callsToday: 2 })
    await ask('POST', `/api-keys/${apiKey.id}/revoke`)
    await expect(send()).rejects.toThrow(/The API key is revoked/)
  })
})

/** What a page gives to a smart wallet. */
async function rentalOf(_: InjectedWallet) {
  const { contracts, bundlerUrl, paymasterUrl, rpcUrl } = stage.devnet
  const market = createComputeReadClient({ transport: http(rpcUrl), contracts })
  const bundlerClient = createBundlerClient({ chain: worldland, transport: http(bundlerUrl) })
  const { pricePerSecondWei } = await market.getOffer({ offerId: 1n })
  const gasAllowanceWei = await quoteGasAllowance(bundlerClient, { contracts })
  return {
    market,
    calls: rentInstance.calls({
      contracts,
      offerId: 1n,
      seconds: 600,
      maximumPricePerSecondWei: pricePerSecondWei,
      gasAllowanceWei,
    }),
    capabilities: { paymasterService: { url: paymasterUrl, context: { token: contracts.token } } },
  }
}

describe('a smart wallet with wallet_sendCalls', () => {
  it('rents and stops by the calls of the SDK, and pays gas in the token at the paymaster of the page', async () => {
    const { devnet, client } = stage
    const { contracts } = devnet
    const wallet = await callsWallet({ devnet, client, owner: privateKeyToAccount(generatePrivateKey()) })
    const walletClient = createWalletClient({
      account: wallet.address,
      chain: worldland,
      transport: custom(wallet.provider),
      pollingInterval,
    })
    await giveTokens(stage, wallet.address, parseEther('1'))
    const { market, calls, capabilities } = await rentalOf(wallet)
    const { id } = await sendCalls(walletClient, { calls, capabilities })
    const { receipts = [] } = await waitForCallsStatus(walletClient, { id })
    const opened = receipts
      .flatMap(receipt => receipt.logs)
      .map(log => decodeComputeEvent({ contracts, log }))
      .find(event => event?.eventName === 'LeaseOpened')
    if (opened?.eventName !== 'LeaseOpened') throw new Error('No lease was opened')
    const { leaseId } = opened.args
    const { state, payer } = await market.getLease({ leaseId })
    expect(payer).toBe(wallet.address)

    const stopped = await sendCalls(walletClient, {
      calls: stopLease.calls({ contracts, leaseId, state }),
      capabilities,
    })
    await waitForCallsStatus(walletClient, { id: stopped.id })
    expect((await market.getLease({ leaseId })).state).toBe('settled')
    const { nativeWei, tokenWei } = await holdingsOf(stage, wallet.address)
    expect(nativeWei).toBe(0n)
    // Gas is all that it cost.
    expect(tokenWei).toBeLessThan(parseEther('1'))
    expect(tokenWei).toBeGreaterThan(parseEther('0.9'))
  })
})
