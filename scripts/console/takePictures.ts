// What a person sees of the console, kept beside the docs: every page by day in English on a desk, and by night in
// Korean on a phone.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Devnet } from '../devnet/startDevnet.ts'
import { addPasskeys } from '../release/addPasskeys.ts'
import { type Look, openPage, signInByLink } from './openConsole.ts'

const pages: Readonly<Record<string, string>> = {
  overview: '/',
  operations: '/operations',
  policies: '/policies',
  policy: '/policies/rentals',
  policyHistory: '/policies/rentals?tab=history',
  tokens: '/tokens',
  treasury: '/treasury',
  signers: '/signers',
  apiKeys: '/api-keys',
  webhooks: '/webhooks',
  alerts: '/alerts',
  bundler: '/bundler',
  audit: '/audit',
  settings: '/settings',
}

const looks: Readonly<Record<string, Look>> = {
  desk: { colorScheme: 'light', locale: 'en', width: 1280, height: 860 },
  phone: { colorScheme: 'dark', locale: 'ko', width: 360, height: 740 },
}

/** The names of the files. */
export async function takePictures(
  browser: Browser,
  devnet: Devnet,
  folder: string,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true })
  const consoleUrl = `${devnet.paymasterUrl.replace('127.0.0.1', 'localhost')}/console`
  const taken: string[] = []
  const take = async (page: Page, name: string): Promise<void> => {
    await still(page)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    taken.push(`${name}.png`)
  }
  const door = await openPage(browser, looks.desk)
  await door.goto(`${consoleUrl}/`)
  await take(door, 'signIn-desk')
  await signInByLink(door, await devnet.consoleLink())
  await addWayIn(door)
  const state = await door.context().storageState()
  for (const [lookName, look] of Object.entries(looks)) {
    const page = await openPage(browser, { ...look, state })
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${consoleUrl}${path}`)
      await take(page, `${name}-${lookName}`)
      if (name === 'operations') await openNewest(page, consoleUrl, name => take(page, `${name}-${lookName}`))
    }
    await page.context().close()
  }
  return taken
}

/** As whoever runs the console does first. */
async function addWayIn(page: Page): Promise<void> {
  await addPasskeys(page)
  await page.getByRole('button', { name: 'Add a way in' }).click()
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** The story of the newest refusal and of the newest lease. */
async function openNewest(
  page: Page,
  consoleUrl: string,
  take: (name: string) => Promise<void>,
): Promise<void> {
  for (const outcome of ['refused', 'granted']) {
    await page.goto(`${consoleUrl}/operations?outcome=${outcome}`)
    await page.locator('.records button.plain').first().click()
    await page.getByRole('dialog').waitFor()
    await take(`operation-${outcome}`)
  }
}

/** Everything that was asked for has come, and nothing moves. */
async function still(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  // What slides in and fades.
  await page.waitForTimeout(500)
}
