// No page of the console speaks English to a Korean reader, but for names, code and what others say themselves.
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRenter } from '../../scripts/console/makeTraffic.ts'
import { devnetSignInLink, signInByLink } from '../../scripts/console/openConsole.ts'
import { browserPath, consoleStage } from './consoleStage.ts'

const paths = [
  ...['/', '/operations', '/policies', '/policies/rentals', '/policies/rentals?tab=dryRun'],
  ...['/policies/rentals?tab=history', '/tokens', '/treasury', '/signers', '/api-keys', '/webhooks'],
  ...['/alerts', '/alerts?tab=thresholds', '/bundler', '/audit', '/settings'],
]

/**
 * Sentences of four Latin words or more without any Hangul beside them. Names that people gave are in `names`; what the
 * service says in English is marked as such, and stands below the same in Korean.
 */
async function englishOn(page: Page, names: readonly string[]): Promise<readonly string[]> {
  const found = (await page.evaluate(`(() => {
    const texts = new Set()
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('code, pre, .hex, .difference, textarea, script, style, [hidden]')) continue
      const marked = element.closest('[lang="en"]')
      if (marked !== null && marked !== document.documentElement && /[가-힣]/.test(marked.parentElement.textContent)) continue
      const own = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join(' ')
      const attributes = ['aria-label', 'title', 'placeholder'].map(name => element.getAttribute(name) ?? '')
      for (const text of [own, ...attributes]) {
        if (!/[A-Za-z]{2,}(?:[ ,.;:'’-]+[A-Za-z]{2,}){3,}/.test(text)) continue
        const around = text === own ? (element.closest('p, li, dd, dt, td, button, [role=alert]') ?? element).textContent : text
        if (!/[가-힣]/.test(around)) texts.add(text.trim())
      }
    }
    return [...texts]
  })()`)) as readonly string[]
  return found.filter(text => !names.includes(text))
}

describe.skipIf(browserPath === undefined)('the console in Korean', () => {
  const stage = consoleStage()
  let page: Page
  const names = [
    'Rentals on the house',
    'Sponsors the calls that a renter makes, for anybody, within daily budgets',
  ]

  beforeAll(async () => {
    page = (await stage.open({ locale: 'ko' })).page
    await signInByLink(page, devnetSignInLink(stage.devnet))
    await (await createRenter(stage.devnet)).rent()
    await (await createRenter(stage.devnet)).askWhatIsRefused()
  })
  const go = async (path: string): Promise<void> => {
    await page.goto(`${stage.consoleUrl}/console${path}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
    await page.waitForTimeout(300)
    for (const summary of await page.locator('summary').all()) await summary.click()
    await page.waitForTimeout(300)
  }

  it('has no page that speaks English', async () => {
    const english: Record<string, readonly string[]> = {}
    for (const path of paths) {
      await go(path)
      const found = await englishOn(page, names)
      if (found.length > 0) english[path] = found
    }
    for (const outcome of ['refused', 'granted']) {
      await page.goto(`${stage.consoleUrl}/console/operations?outcome=${outcome}`)
      await page.locator('.records button.plain').first().click()
      await page.getByRole('dialog').waitFor()
      await page.waitForTimeout(500)
      const found = await englishOn(page, names)
      if (found.length > 0) english[outcome] = found
    }
    expect(english).toEqual({})
  })

  it('has no dialog that speaks English', async () => {
    const english: Record<string, readonly string[]> = {}
    let opened = 0
    for (const path of ['/tokens', '/treasury', '/signers', '/api-keys', '/webhooks', '/settings']) {
      await go(path)
      const buttons = page.getByRole('main').getByRole('button')
      for (let index = 0; index < (await buttons.count()); index++) {
        const button = buttons.nth(index)
        // One that the one before has taken away is no way to a dialog.
        const isThere = await button.isEnabled({ timeout: 2_000 }).catch(() => false)
        if (!isThere) continue
        await button.click({ timeout: 5_000 }).catch(() => undefined)
        await page.waitForTimeout(200)
        const dialog = page.getByRole('dialog')
        if ((await dialog.count()) === 0) continue
        opened++
        const found = await englishOn(page, names)
        if (found.length > 0) english[`${path} ${await button.textContent()}`] = found
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
      }
    }
    expect(opened).toBeGreaterThan(8)
    expect(english).toEqual({})
  })

  it('says in Korean what is wrong with a field', async () => {
    await go('/policies/rentals')
    await page
      .getByRole('textbox', { name: /오퍼레이션/ })
      .first()
      .fill('much')
    await page.getByText('1000000000, 1gwei, 0.5ether 같은 금액이어야 합니다.').first().waitFor()
    expect(await englishOn(page, names)).toEqual([])
  })
})
