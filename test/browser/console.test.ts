// The operator's way through the console, as a person walks it: in Chromium, against the whole suite.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRenter } from '../../scripts/console/makeTraffic.ts'
import { devnetSignInLink, signInByLink } from '../../scripts/console/openConsole.ts'
import { addPasskeys } from '../../scripts/release/addPasskeys.ts'
import { injectWallet } from '../../scripts/release/injectWallet.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import {
  browserPath,
  consoleStage,
  seriousProblems,
  sidewaysPixels,
  type WatchedPage,
} from './consoleStage.ts'

const pages = {
  '/': { en: 'Overview', ko: '개요' },
  '/operations': { en: 'Operations', ko: '오퍼레이션' },
  '/policies': { en: 'Policies', ko: '정책' },
  '/policies/new': { en: 'New policy', ko: '새 정책' },
  '/policies/rentals': { en: 'Rentals on the house', ko: 'Rentals on the house' },
  '/policies/rentals?tab=dryRun': { en: 'Rentals on the house', ko: 'Rentals on the house' },
  '/policies/rentals?tab=history': { en: 'Rentals on the house', ko: 'Rentals on the house' },
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

describe.skipIf(browserPath === undefined)('the console', () => {
  const stage = consoleStage()
  let operator: WatchedPage
  let page: Page
  const go = async (path: string, on = page): Promise<void> => {
    await on.goto(`${stage.consoleUrl}/console${path}`)
  }
  const heading = (name: string, on = page) => on.getByRole('heading', { level: 1, name, exact: true })
  const field = (name: string, on = page) => on.getByRole('textbox', { name, exact: true })
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' })

  beforeAll(async () => {
    operator = await stage.open()
    page = operator.page
    await addPasskeys(page)
  })
  afterAll(() => expect(operator.complaints).toEqual([]))

  it('lets the first operator in by the link, and the link by nobody again', async () => {
    const link = devnetSignInLink(stage.devnet)
    await signInByLink(page, link)
    await heading('Overview').waitFor()
    expect(page.url()).toBe(`${stage.consoleUrl}/console/`)

    const stranger = await stage.open()
    await stranger.page.goto(link)
    await heading('Sign in', stranger.page).waitFor()
    await expect.poll(() => stranger.page.getByRole('alert').count()).toBe(1)
    await stranger.page.context().close()
  })

  it('sees to it that there is a passkey, and lets the operator back in by it', async () => {
    await button('Add a way in').click()
    await page.getByLabel('Name, so that you know it again').fill('Virtual')
    await button('Make a passkey').click()
    await expect.poll(() => button('Add a way in').count()).toBe(0)

    await button(/^Account:/).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await heading('Sign in').waitFor()
    await button('Sign in with a passkey').click()
    await heading('Overview').waitFor()
  })

  it('takes a wallet as a way in, and no wallet that it does not know', async () => {
    const { page: visitor } = await stage.open({ state: await page.context().storageState() })
    const wallet = await injectWallet(visitor, { rpcUrl: stage.devnet.rpcUrl })
    const press = (name: string) => visitor.getByRole('button', { name }).click()
    await go('/settings', visitor)
    await visitor.getByRole('tab', { name: 'You', exact: true }).click()
    await press('Add a way in')
    await press('Add Test wallet')
    await visitor.getByRole('dialog').waitFor({ state: 'detached' })
    await press('Account:')
    await visitor.getByRole('menuitem', { name: 'Sign out' }).click()
    await press('Sign in with Test wallet')
    await heading('Settings', visitor).waitFor()
    expect(wallet.signatures()).toBe(2)
    await visitor.context().close()

    const { page: stranger } = await stage.open()
    await injectWallet(stranger, { rpcUrl: stage.devnet.rpcUrl })
    await go('/', stranger)
    await stranger.getByRole('button', { name: 'Sign in with Test wallet' }).click()
    await stranger.getByRole('alert').waitFor()
    await stranger.context().close()
    await go('/')
    await button('Sign in with a passkey').click()
    await heading('Overview').waitFor()
  })

  it('makes a policy, says which field is wrong, and shows a dry run rule by rule', async () => {
    await go('/policies')
    await button('New policy').click()
    await field('Id').fill('transfers')
    await field('Name').fill('Transfers of the token')
    await field('Contract').fill(stage.devnet.contracts.token)
    await field('Functions, one a line').fill('transfer(address,uint)')
    await field('Gas of one operation, at most').fill('much')
    await page.getByText('limits.costPerOperationWei', { exact: true }).first().waitFor()
    await field('Gas of one operation, at most').fill('0.02ether')
    await field('Functions, one a line').fill('transfer(address,uint256)')
    await page.getByText('Nothing to mend.').waitFor()
    await button('Save and put in force').click()
    await heading('Transfers of the token').waitFor()

    await page.getByRole('tab', { name: 'Dry run' }).click()
    await field('User operation as JSON').fill(JSON.stringify(strangersCall))
    await button('Dry run').click()
    await page.getByText('It would be refused').waitFor()
    const rules = page.getByRole('list', { name: 'Decision, rule by rule' }).getByRole('listitem')
    expect(await rules.filter({ has: page.getByRole('img', { name: 'refused' }) }).count()).toBe(1)
  })

  it('keeps what is written when somebody else was faster, and leaves the choice', async () => {
    await go('/policies/transfers')
    await field('Description').fill('mine')
    const theirs = await stage.open({ state: await page.context().storageState() })
    await go('/policies/transfers', theirs.page)
    await field('Description', theirs.page).fill('theirs')
    await theirs.page.getByText('Nothing to mend.').waitFor()
    await theirs.page.getByRole('button', { name: 'Save and put in force' }).click()
    await theirs.page.getByText('Saved. It is in force.').waitFor()
    await theirs.page.context().close()

    await button('Save and put in force').click()
    const choice = page.getByRole('dialog', { name: 'Somebody else has changed this policy' })
    await choice.getByText('"theirs"').waitFor()
    expect(await seriousProblems(page)).toEqual([])
    await choice.getByRole('button', { name: 'Save mine over it' }).click()
    await page.getByText('Saved. It is in force.').waitFor()
    expect(await field('Description').inputValue()).toBe('mine')

    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('button', { name: /^Version 2/ }).click()
    await page.getByRole('button', { name: 'Roll back to this' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back to this' }).click()
    await page.getByRole('button', { name: /^Version 4/ }).waitFor()
  })

  it('asks before it drops what is not saved', async () => {
    await go('/policies/transfers')
    await field('Name').fill('Something else')
    await page.getByRole('link', { name: 'Operations', exact: true }).click()
    const question = page.getByRole('dialog', { name: 'Leave without saving?' })
    await question.getByRole('button', { name: 'Stay' }).click()
    expect(await field('Name').inputValue()).toBe('Something else')
    await page.getByRole('link', { name: 'Operations', exact: true }).click()
    await question.getByRole('button', { name: 'Leave' }).click()
    await heading('Operations').waitFor()
  })

  it('shows a sponsored lease as it comes, and its story to the wei', async () => {
    await go('/operations')
    await heading('Operations').waitFor()
    const renter = await createRenter(stage.devnet)
    const { hash, leaseId } = await renter.rent()
    await page.getByRole('button', { name: `Granted: show ${hash}` }).click()
    const story = page.getByRole('dialog', { name: 'Operation' })
    await story.getByText('Granted', { exact: true }).first().waitFor()
    await story.getByText(`${leaseId} · LeaseOpened`).waitFor()
    expect(
      await story.getByRole('list', { name: 'Decision, rule by rule' }).getByRole('listitem').count(),
    ).toBeGreaterThan(3)
    await page.keyboard.press('Escape')
  })

  it('shows why it refused, in the explorer, its filter, its export and the overview', async () => {
    const renter = await createRenter(stage.devnet)
    await renter.askWhatIsRefused()
    await go('/operations?outcome=refused&reason=callNotAllowed')
    await page
      .getByRole('button', { name: /^Refused: show / })
      .first()
      .click()
    const story = page.getByRole('dialog', { name: 'Operation' })
    await story.getByText('Refused', { exact: true }).first().waitFor()
    expect(await story.getByRole('img', { name: 'refused' }).count()).toBe(1)
    expect(await seriousProblems(page)).toEqual([])
    await page.keyboard.press('Escape')

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)

    await go('/')
    await page.getByRole('link', { name: 'Call not allowed' }).waitFor()
  })

  it('lets a viewer see everything and change nothing, and says why', async () => {
    const link = /http\S+#\S+/.exec(await stage.command('sign-in-link', '--role', 'viewer'))?.[0] ?? ''
    const { page: viewer } = await stage.open()
    await signInByLink(viewer, link)
    await go('/policies/transfers', viewer)
    await field('Name', viewer).fill('Mine now')
    const save = viewer.getByRole('button', { name: 'Save and put in force' })
    expect(await save.getAttribute('title')).toBe('This takes the role “Operator”; yours is “Viewer”.')
    await save.click({ force: true })
    await go('/policies/transfers', viewer)
    await heading('Transfers of the token', viewer).waitFor()
    await viewer.context().close()
  })

  it('shows at once that signing was paused in a shell, and lets it go on', async () => {
    await go('/policies')
    const banner = page.getByRole('status').filter({ hasText: 'Paused: nothing is signed' })
    await heading('Policies').waitFor()
    expect(await banner.count()).toBe(0)
    await stage.command('pause')
    await banner.waitFor()
    await banner.getByRole('button', { name: 'Resume' }).click()
    await expect.poll(() => banner.count()).toBe(0)
    expect(await stage.command('status')).not.toMatch(/paused since/i)
  })

  it('is walked by keyboard alone', async () => {
    await go('/')
    await heading('Overview').waitFor()
    const focused = async (): Promise<string> =>
      String(await page.evaluate('document.activeElement.textContent || document.activeElement.ariaLabel'))
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.url()).toMatch(/range=7d$/)

    await go('/operations?outcome=refused')
    const row = page.getByRole('button', { name: /^Refused: show / }).first()
    await row.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Operation' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    const label = 'document.activeElement.getAttribute("aria-label")'
    await expect.poll(() => page.evaluate(label)).toMatch(/^Refused: show /)
  })

  it('stays while the paymaster is gone, says so, and goes on by itself when it is back', async () => {
    const policy = page.getByRole('link', { name: 'Transfers of the token' })
    const gone = page.getByRole('status').filter({ hasText: 'The paymaster does not answer' })
    await go('/policies')
    await policy.waitFor()
    await stage.killPaymaster()
    await gone.waitFor()
    expect(await policy.count()).toBe(1)
    await stage.restartPaymaster()
    await expect.poll(() => gone.count()).toBe(0)
    await policy.waitFor()
  })

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds serious, in %s colours',
    async colorScheme => {
      const { page: seen, complaints } = await stage.open({
        colorScheme,
        state: await page.context().storageState(),
      })
      for (const [path, { en }] of Object.entries(pages)) {
        await go(path, seen)
        await heading(en, seen).waitFor()
        await settled(seen)
        expect({ path, problems: await seriousProblems(seen) }).toEqual({ path, problems: [] })
      }
      expect(complaints).toEqual([])
      await seen.context().close()
    },
  )

  it('is at most 350 kB of script, all pages together, by gzip', () => {
    const assets = join(workspaceRoot, 'paymaster/console/dist/assets')
    const scripts = readdirSync(assets).filter(name => name.endsWith('.js.gz'))
    expect(scripts.length).toBeGreaterThan(10)
    const bytes = scripts.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0)
    expect(bytes).toBeLessThan(350_000)
  })

  it('fits a phone, in Korean', async () => {
    const { page: phone } = await stage.open({
      locale: 'ko',
      width: 360,
      height: 740,
      state: await page.context().storageState(),
    })
    for (const [path, { ko }] of Object.entries(pages)) {
      await go(path, phone)
      await heading(ko, phone).waitFor()
      await settled(phone)
      expect({ path, sideways: await sidewaysPixels(phone) }).toEqual({ path, sideways: 0 })
    }
    await phone.getByRole('button', { name: '페이지 목록 열기' }).click()
    await phone.getByRole('link', { name: '오퍼레이션' }).click()
    await heading('오퍼레이션', phone).waitFor()
    await phone.context().close()
  })
})

/** What is being loaded has come. */
async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
}

/** A call that no policy names, as a wallet would send it. */
const strangersCall = {
  sender: '0x1111111111111111111111111111111111111111',
  nonce: '0x0',
  callData:
    '0xb61d27f60000000000000000000000002222222222222222222222222222222222222222000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000060000000000000000000000000000000000000000000000000000000000000000412345678' +
    '0'.repeat(56),
  callGasLimit: '0x186a0',
  verificationGasLimit: '0x186a0',
  preVerificationGas: '0xc350',
  maxFeePerGas: '0x77359400',
  maxPriorityFeePerGas: '0x3b9aca00',
  signature: '0x',
}
