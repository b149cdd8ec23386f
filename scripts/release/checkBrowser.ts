// Builds the page by Vite, opens it in Chromium, and rents and stops by each kind of owner.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, preview } from 'vite'
import type { Devnet } from '../devnet/startDevnet.ts'
import { addPasskeys } from './addPasskeys.ts'
import { injectWallet } from './injectWallet.ts'

const patienceMilliseconds = 120_000

/** A line about each kind of owner; throws with what the page said. */
export async function checkBrowser(parameters: {
  readonly browser: string
  readonly consumer: string
  readonly devnet: Devnet
}): Promise<readonly string[]> {
  const { browser: executablePath, consumer, devnet } = parameters
  const root = join(consumer, 'app')
  await build({ root, configFile: false, logLevel: 'error' })
  const { rpcUrl, bundlerUrl, contracts, faucetKey } = devnet
  writeFileSync(join(root, 'dist/devnet.json'), JSON.stringify({ rpcUrl, bundlerUrl, contracts, faucetKey }))
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  })
  const { port } = server.httpServer.address() as { port: number }
  // Passkeys belong to a name, never to a number.
  const url = `http://localhost:${port}/`
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--host-resolver-rules=MAP localhost 127.0.0.1'],
  })
  try {
    const lines: string[] = []
    for (const owner of ['key', 'passkey', 'wallet'] as const) {
      lines.push(await rentAndStop(browser, { url, owner, rpcUrl }))
    }
    return lines
  } finally {
    await browser.close()
    await server.close()
  }
}

async function rentAndStop(
  browser: Browser,
  { url, owner, rpcUrl }: { readonly url: string; readonly owner: string; readonly rpcUrl: string },
): Promise<string> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  if (owner === 'passkey') await addPasskeys(page)
  const wallet = owner === 'wallet' ? await injectWallet(page, { rpcUrl }) : undefined
  await page.goto(url)
  await page.click(`button[data-owner="${owner}"]`)
  try {
    await page
      .locator('#steps li', { hasText: /^(Stopped|Failed)/ })
      .waitFor({ timeout: patienceMilliseconds })
  } catch (error) {
    throw new Error(`By ${owner}, the page came this far:\n${await stepsOf(page)}\n${complaints}\n${error}`)
  }
  const steps = await stepsOf(page)
  if (steps.includes('Failed') || complaints.length > 0) {
    throw new Error(`By ${owner}, the page failed:\n${steps}\n${complaints}`)
  }
  await page.close()
  const signed = wallet === undefined ? '' : `, the wallet signed ${wallet.signatures()} times`
  return `Chromium, by ${owner}: ${steps.split('\n').slice(1).join('; ')}${signed}`
}

async function stepsOf(page: Page): Promise<string> {
  return (await page.locator('#steps li').allTextContents()).join('\n')
}
