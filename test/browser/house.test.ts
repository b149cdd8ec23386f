// The house behind the operations, as its operator steers it in Chromium: money, signers, keys, webhooks, alerts, people.
import { deploy } from '@worldland-aa/paymaster/testing/priceContracts'
import type { Page } from 'playwright-core'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRenter } from '../../scripts/console/makeTraffic.ts'
import { devnetSignInLink, signInByLink } from '../../scripts/console/openConsole.ts'
import { eventually } from '../support/eventually.ts'
import { anvilKey } from '../support/keys.ts'
import {
  browserPath,
  consoleStage,
  seriousProblems,
  sidewaysPixels,
  type WatchedPage,
} from './consoleStage.ts'
import { type HookReceiver, startHookReceiver } from './hookReceiver.ts'
import { injectOwnerWallet, type OwnerWallet } from './ownerWallet.ts'
import { addSignerKey, passValidity } from './rotateStage.ts'

const pages = {
  '/tokens': { en: 'Tokens and prices', ko: '토큰과 가격' },
  '/treasury': { en: 'Treasury', ko: '자금' },
  '/signers': { en: 'Signers', ko: '서명 키' },
  '/api-keys': { en: 'API keys', ko: 'API 키' },
  '/webhooks': { en: 'Webhooks', ko: '웹훅' },
  '/alerts': { en: 'Alerts', ko: '경보' },
  '/bundler': { en: 'Bundler', ko: '번들러' },
  '/audit': { en: 'Audit log', ko: '감사 기록' },
  '/settings': { en: 'Settings', ko: '설정' },
} as const

describe.skipIf(browserPath === undefined)("the operator's house", () => {
  const stage = consoleStage({ daemonSettings: { paymaster: { webhookPrivateNetworks: 'true' } } })
  let operator: WatchedPage
  let page: Page
  let wallet: OwnerWallet
  let receiver: HookReceiver
  const go = async (path: string, on = page): Promise<void> => {
    await on.goto(`${stage.consoleUrl}/console${path}`)
    await on.getByRole('heading', { level: 1 }).first().waitFor()
  }
  const button = (name: string | RegExp, on: Pick<Page, 'getByRole'> = page) =>
    on.getByRole('button', { name, exact: typeof name === 'string' })
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name })
  const isSound = async (): Promise<void> => expect(await seriousProblems(page)).toEqual([])
  const row = (text: string) => page.getByRole('row').filter({ hasText: text })

  beforeAll(async () => {
    receiver = await startHookReceiver()
    operator = await stage.open()
    page = operator.page
    wallet = await injectOwnerWallet(page, {
      rpcUrl: stage.devnet.rpcUrl,
      chainId: stage.devnet.chainId,
      account: stage.devnet.keys.paymasterOwner.address,
    })
    await signInByLink(page, devnetSignInLink(stage.devnet))
  })
  afterAll(async () => {
    await receiver.stop()
    expect(operator.complaints).toEqual([])
  })

  it('makes an API key that is shown once, lets a caller in by it, and refuses it from the moment of its revocation', async () => {
    await go('/api-keys')
    await page.getByText('No keys yet').waitFor()
    await button('New key').click()
    await page.getByLabel(/^Name/).fill('Shop')
    const networks = page.getByRole('combobox', { name: 'Networks' })
    await networks.fill('somewhere')
    await button('Make the key').click()
    await page.getByText(/^Must be an IPv4 address/).waitFor()
    await isSound()
    await networks.press('Backspace')
    await button('Make the key').click()
    const shown = dialog('Copy the key now')
    const key = (await shown.locator('[data-secret]').textContent()) ?? ''
    expect(key).toMatch(/^wlp_/)
    expect(await call(key)).toMatchObject({ result: '0x67' })
    await isSound()
    await button('I have kept it').click()
    expect(await page.content()).not.toContain(key)

    await button('Revoke Shop').click()
    await dialog('Revoke “Shop”?').getByText('It was last used').waitFor()
    await isSound()
    await button('Revoke the key').click()
    await page.getByText('“Shop” is revoked').waitFor()
    expect(await call(key)).toMatchObject({ error: { message: expect.stringMatching(/key/i) } })
    await page.getByRole('switch', { name: 'Show revoked and expired keys' }).click()
    await row('Shop').getByText('Revoked').waitFor()
  })

  it('makes a webhook, shows what was sent and answered, sends it again, and gives a new secret', async () => {
    receiver.answerWith(500)
    await go('/webhooks')
    await button('New endpoint').click()
    await page.getByLabel(/^Name/).fill('Backend')
    await page.getByLabel(/^Address/).fill('ftp://nowhere')
    await button('Add the endpoint').click()
    await dialog('New endpoint').locator('[aria-invalid="true"]').first().waitFor()
    await isSound()
    await page.getByLabel(/^Address/).fill(receiver.url)
    await button('Add the endpoint').click()
    const secret = await dialog('Copy the secret now').locator('[data-secret]').textContent()
    expect(secret).toMatch(/^whsec_/)
    await button('I have kept it').click()

    await button('More for Backend').click()
    await page.getByRole('menuitem', { name: 'Send a test event' }).click()
    await row('test').getByText('Waiting').waitFor()
    await row('test').getByRole('button', { name: 'test' }).click()
    await dialog('Delivery').getByText('not today').waitFor()
    await isSound()
    receiver.answerWith(200)
    await button('Send again').click()
    await dialog('Delivery').getByText('thanks').waitFor()
    await page.keyboard.press('Escape')
    await row('test').getByText('Delivered').waitFor()
    expect(receiver.bodies.length).toBeGreaterThanOrEqual(2)

    await button('More for Backend').click()
    await page.getByRole('menuitem', { name: 'New secret' }).click()
    await button('Make a new secret').click()
    const next = await dialog('Copy the secret now').locator('[data-secret]').textContent()
    expect(next).not.toBe(secret)
    await button('I have kept it').click()
    await row('Backend').getByText('Signed by the old secret as well').waitFor()
  })

  it("tops the deposit up by the owner's wallet, which is on another chain at first and may say no", async () => {
    await go('/treasury')
    await button('Begin: Top up the deposit').click()
    await page.getByLabel(/^Amount/).fill('none')
    await button('Show what it does').click()
    await page.getByText('An amount such as 0.5').waitFor()
    await isSound()
    await page.getByLabel(/^Amount/).fill('0.25')
    await button('Show what it does').click()
    await page.getByText('It would go through').waitFor()
    wallet.refuseWith(4001)
    await button('Sign with my wallet').click()
    await page.getByText('You turned it down in the wallet').waitFor()
    await isSound()
    expect(wallet.asked).toContain('wallet_switchEthereumChain')
    wallet.refuseWith(undefined)
    await button('Sign with my wallet').click()
    await page.getByText('The house follows it from here').waitFor()
    await dialog('Top up the deposit').getByRole('button', { name: 'Close' }).last().click()
    await row('0.25 WLC')
      .getByText(/In a block|Final/)
      .waitFor()
  })

  it('lets the treasury key send, and says before it is sent what would fail', async () => {
    await button('Begin: Withdraw from the deposit').click()
    await page.getByLabel(/^Amount/).fill('99999')
    await button('Show what it does').click()
    await page.getByText(/^More than there is/).waitFor()
    await page.getByLabel(/^Amount/).fill('0.125')
    await button('Show what it does').click()
    await button('Send by the treasury key').click()
    await page.getByText('The house follows it from here').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await row('Withdraw from the deposit')
      .getByText(/In a block|Final/)
      .first()
      .waitFor()
  })

  it('asks a wallet of another account for the owner', async () => {
    await button('Begin: Unlock the stake').click()
    wallet.use(stage.devnet.keys.deployer.address)
    await button('Sign with my wallet').click()
    await page.getByText(/The wallet is on another account/).waitFor()
    wallet.use(stage.devnet.keys.paymasterOwner.address)
    await page.keyboard.press('Escape')
  })

  it('rotates the signer while operations flow', async () => {
    const renter = await createRenter(stage.devnet)
    await renter.rent()
    const next = anvilKey(11)
    addSignerKey(stage.devnet, next)
    await go('/signers')
    await button('Read the keys anew').first().click()
    await page.getByText('Keys read: 1 new, 0 gone').waitFor()
    await button('Trust it').last().click()
    await button('Sign with my wallet').click()
    await page.getByText('The house follows it from here').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await button('Sign with it').last().click()
    await row(short(privateKeyToAddress(next)))
      .getByText('Signs now')
      .waitFor()
    await page.getByRole('timer').waitFor()
    await isSound()
    await renter.rent()

    await passValidity(stage.devnet)
    await button('Remove it').last().click()
    await button('Sign with my wallet').click()
    await page.getByText('The house follows it from here').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await page.getByText('Take its key out of the key file').waitFor()
  })

  it('takes a token in when its source was tried, and turns it off', async () => {
    const chain = { client: stage.faucet, wallet: stage.faucet } as unknown as Parameters<typeof deploy>[0]
    const [token, feed] = [
      await deploy(chain, 'PlainToken', 6),
      await deploy(chain, 'PriceFeed', 8, 18_423_300n),
    ]
    await go('/tokens')
    await button('Add a token').click()
    const form = dialog('Add a token')
    await form.getByLabel('Contract of the token').fill(token.address)
    await form.getByLabel('Feed contract').fill(token.address)
    await button('Test the source').click()
    await form.getByRole('alert').waitFor()
    await form.getByLabel('Feed contract').fill(feed.address)
    await button('Test the source').click()
    await form.getByText('It says 0.184233').waitFor()
    await isSound()
    await button('Save the token').click()
    const card = page.getByRole('article').filter({ hasText: short(token.address) })
    await card.getByText(/^1 WLC = 0.184233/).waitFor()
    await card.getByRole('button', { name: /^Turn off/ }).click()
    await button('Turn off').click()
    await card.getByText('Off', { exact: true }).waitFor()
  })

  it('pauses and resumes', async () => {
    await go('/settings')
    await button('Pause signing').click()
    await dialog('Pause signing?').getByRole('button', { name: 'Pause signing' }).click()
    await page.getByText(/^Paused since/).waitFor()
    const renter = await createRenter(stage.devnet)
    expect(await renter.askWhatIsRefused()).toMatch(/paused/)
    await button('Resume signing').click()
    await page.getByText('The paymaster signs').waitFor()
  })

  it('shows an alert threshold and changes it', async () => {
    await go('/alerts')
    await page.getByRole('tab', { name: 'Thresholds' }).click()
    await button(/^Change the threshold of Runway short/).click()
    await page.getByLabel(/^Opens at/).fill('soon')
    await button('Save').click()
    await page
      .getByText(/must be a decimal number/i)
      .first()
      .waitFor()
    await isSound()
    await page.getByLabel(/^Opens at/).fill('4')
    await page.getByLabel(/^Closes at/).fill('6')
    await button('Save').click()
    await page.getByText('The threshold is changed').waitFor()
    await row('Runway short').getByText('4 days or less').waitFor()
  })

  it('shows a viewer everything, and why each button does nothing', async () => {
    await go('/settings')
    await page.getByRole('tab', { name: 'People' }).click()
    await button('Invite somebody').click()
    await page.getByLabel(/^Name/).fill('Guest')
    await button('Make the invitation').click()
    const link = (await dialog('Copy the link now').locator('[data-secret]').textContent()) ?? ''
    await button('I have passed it on').click()

    const guest = await stage.open()
    await signInByLink(guest.page, link)
    await button('More for Guest').click()
    await page.getByRole('menuitem', { name: 'Sessions' }).click()
    await dialog('Sessions of Guest').getByText('Link').waitFor()
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await isSound()
    await page.keyboard.press('Escape')
    for (const [path, name] of [
      ['/api-keys', 'New key'],
      ['/webhooks', 'New endpoint'],
      ['/tokens', 'Add a token'],
      ['/signers', 'Kill switch'],
      ['/treasury', 'Begin: Top up the deposit'],
      ['/settings', 'Pause signing'],
    ] as const) {
      await go(path, guest.page)
      const off = button(name, guest.page)
      await off.waitFor()
      expect(await off.getAttribute('aria-disabled')).toBe('true')
      expect(await off.getAttribute('title')).toMatch(/takes the role/)
      await off.click({ force: true })
      expect(await guest.page.getByRole('dialog').count()).toBe(0)
    }
    expect(guest.complaints).toEqual([])
    await go('/settings')
    await page.getByRole('tab', { name: 'People' }).click()
    await button('More for Guest').click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await dialog('Remove Guest?').getByRole('button', { name: 'Remove' }).click()
    await guest.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await guest.page.context().close()
  })

  it('writes down who did what, and finds it again', async () => {
    await go('/audit')
    await page.getByText(/^Unbroken: \d+ entries/).waitFor()
    await page.getByLabel('What').fill('apiKey.')
    await expect.poll(() => page.getByRole('row').count()).toBe(3)
    await button('apiKey.revoke').click()
    await dialog('Detail of apiKey.revoke').getByText('Shop').waitFor()
    await page.keyboard.press('Escape')
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download CSV' }).click()
    expect((await download).suggestedFilename()).toBe('audit.csv')
  })

  it('reads well to everybody: in light and dark, on a phone, in Korean and English', async () => {
    const state = await page.context().storageState()
    for (const look of [
      { colorScheme: 'light', locale: 'en', width: 1280 },
      { colorScheme: 'dark', locale: 'ko', width: 360 },
    ] as const) {
      const other = await stage.open({ ...look, state })
      for (const [path, names] of Object.entries(pages)) {
        await go(path, other.page)
        await other.page.getByRole('heading', { level: 1, name: names[look.locale], exact: true }).waitFor()
        await eventually(
          `${path} to be there`,
          () => other.page.locator('[aria-busy="true"]').count(),
          count => count === 0,
        )
        expect(await seriousProblems(other.page), `${path} ${look.colorScheme}`).toEqual([])
        expect(await sidewaysPixels(other.page), `${path} ${look.locale}`).toBeLessThanOrEqual(0)
      }
      expect(other.complaints).toEqual([])
      await other.page.context().close()
    }
  })

  it('stops everything by the kill switch, typed and not clicked', async () => {
    await go('/signers')
    await button('Kill switch').click()
    const kill = dialog('Stop signing and remove the signer?')
    expect(await button('Stop signing', kill).isDisabled()).toBe(true)
    await isSound()
    await page.getByLabel('Type STOP to confirm').fill('stop')
    await button('Stop signing', kill).click()
    await page.getByText('Nothing is signed').first().waitFor()
    await row('Signs now').waitFor({ state: 'detached' })
  })

  async function call(key: string): Promise<unknown> {
    const response = await fetch(stage.devnet.paymasterUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    })
    return await response.json()
  }
})

function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}
