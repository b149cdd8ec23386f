// wagmi's hooks in a page of Chromium, unmodified: a smart wallet rents by useSendCalls, and takes its gas from the
// paymaster that the page names (ERC-5792, ERC-7677).
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { quoteGasAllowance } from '@worldland-aa/sdk/actions/operation/quoteGasAllowance'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createComputeReadClient } from '@worldland-aa/sdk/clients/createComputeReadClient'
import type { Page } from 'playwright-core'
import { type Hash, http, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPage, startBrowser } from '../../scripts/console/openConsole.ts'
import { callsWallet } from '../support/callsWallet.ts'
import { devnetStage } from '../support/devnet.ts'
import type { InjectedWallet } from '../support/injectedWallet.ts'
import { giveTokens, holdingsOf } from '../support/money.ts'
import { browserPath } from './consoleStage.ts'
import { exposeWallet } from './exposeWallet.ts'
import { type ServedPage, servePage } from './sendCallsPage/servePage.ts'

describe.skipIf(browserPath === undefined)("wagmi's useSendCalls", () => {
  const stage = devnetStage({ serving: false })
  let browser: Awaited<ReturnType<typeof startBrowser>>
  let served: ServedPage
  let wallet: InjectedWallet
  let page: Page

  beforeAll(async () => {
    const { devnet, client } = stage
    const { contracts, rpcUrl, chainId, bundlerUrl, paymasterUrl } = devnet
    browser = await startBrowser(browserPath ?? '')
    served = await servePage()
    wallet = await callsWallet({ devnet, client, owner: privateKeyToAccount(generatePrivateKey()) })
    await giveTokens(stage, wallet.address, parseEther('1'))
    const { pricePerSecondWei } = await createComputeReadClient({
      transport: http(rpcUrl),
      contracts,
    }).getOffer({ offerId: 1n })
    const bundlerClient = createBundlerClient({ chain: worldland, transport: http(bundlerUrl) })
    const calls = rentInstance.calls({
      contracts,
      offerId: 1n,
      seconds: 600,
      maximumPricePerSecondWei: pricePerSecondWei,
      gasAllowanceWei: await quoteGasAllowance(bundlerClient, { contracts }),
    })
    page = await openPage(browser)
    await exposeWallet(page, wallet.provider)
    await page.addInitScript(
      handed => {
        ;(globalThis as { stage?: unknown }).stage = handed
      },
      {
        ...{ chainId, rpcUrl },
        calls: calls.map(({ to, data }) => ({ to, data })),
        paymasterService: { url: paymasterUrl, context: { token: contracts.token } },
      },
    )
    await page.goto(served.url)
    await page.getByRole('button', { name: 'Connect' }).click()
    await page.getByText(wallet.address).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })
  const rent = async (paymasterService?: object): Promise<void> => {
    if (paymasterService !== undefined) {
      await page.getByLabel('Paymaster service').fill(JSON.stringify(paymasterService))
    }
    await page.getByRole('button', { name: 'Rent' }).click()
  }

  it('tells the page why the paymaster refuses, with what to do', async () => {
    await rent({ url: stage.devnet.paymasterUrl, context: { sponsorshipPolicyId: 'nobodys' } })
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toMatch(/policy.*nobodys/)
    expect(await holdingsOf(stage, wallet.address)).toMatchObject({
      nativeWei: 0n,
      tokenWei: parseEther('1'),
    })
  })

  it('rents by the calls of the SDK, and pays the gas in the token', async () => {
    const { paymasterUrl, contracts } = stage.devnet
    await rent({ url: paymasterUrl, context: { token: contracts.token } })
    await expect.poll(() => page.getByLabel('Status').textContent()).toBe('success')
    const hash = (await page.getByLabel('Transaction').textContent()) as Hash
    expect((await stage.client.getTransactionReceipt({ hash })).status).toBe('success')
    const { nativeWei, tokenWei } = await holdingsOf(stage, wallet.address)
    expect(nativeWei).toBe(0n)
    expect(tokenWei).toBeLessThan(parseEther('1'))
    expect(wallet.asked).toContain('wallet_sendCalls')
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
