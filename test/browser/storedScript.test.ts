// What strangers and operators call things is shown as the text that it is: a policy's, a key's or a token's name with a
// script in it runs in no page of the console.
import { deploy } from '@worldland-aa/paymaster/testing/priceContracts'
import type { Page } from 'playwright-core'
import { stringToHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { consoleSession } from '../../scripts/console/consoleSession.ts'
import { devnetSignInLink, signInByLink } from '../../scripts/console/openConsole.ts'
import { browserPath, consoleStage, type WatchedPage } from './consoleStage.ts'

const script = '<img src=x onerror=ran()>'
/** Of `string public symbol` in the test's token: a short string stands in its slot with twice its length. */
const symbolSlot = 1n

describe.skipIf(browserPath === undefined)('a stored script', () => {
  const stage = consoleStage()
  let operator: WatchedPage
  let page: Page
  const runs: string[] = []

  beforeAll(async () => {
    operator = await stage.open()
    page = operator.page
    await page.exposeFunction('ran', () => runs.push(page.url()))
    await signInByLink(page, devnetSignInLink(stage.devnet))
    const { ask } = await consoleSession(stage.devnet, 'admin')
    const { definition } = await ask<{ definition: object }>('GET', '/policies/rentals')
    const policy = { ...definition, id: 'script', name: script, description: script, default: false }
    await ask('PUT', '/policies/script', { definition: policy, expectedVersion: 0, note: script })
    await ask('POST', '/api-keys', { name: script, use: 'rpc', limits: {} })
    const chain = { client: stage.faucet, wallet: stage.faucet } as unknown as Parameters<typeof deploy>[0]
    const token = await deploy(chain, 'PlainToken', 6)
    const feed = await deploy(chain, 'PriceFeed', 8, 18_423_300n)
    const slot = BigInt(stringToHex(script, { size: 32 })) + BigInt(script.length * 2)
    await stage.faucet.request({
      method: 'anvil_setStorageAt',
      params: [token.address, hex(symbolSlot), hex(slot)],
    } as never)
    const source = {
      kind: 'chainlinkFeed',
      feed: feed.address,
      quotes: 'tokenPerNative',
      maxAgeSeconds: 86_400,
    }
    const settings = { sources: [source], markupBps: 100, maxStepDeviationBps: 1_000 }
    const rest = { maxSourceDeviationBps: 1_000, refundGas: 60_000, enabled: true }
    await ask('PUT', `/tokens/${token.address}`, { ...settings, ...rest })
  })

  it('in a policy’s, a key’s or a token’s name is text on every page', async () => {
    const seen: string[] = []
    for (const path of [
      ...['/', '/operations', '/policies', '/policies/script', '/policies/script?tab=history'],
      ...['/tokens', '/treasury', '/api-keys', '/webhooks', '/audit', '/settings'],
    ]) {
      await page.goto(`${stage.consoleUrl}/console${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
      if ((await page.locator('body').textContent())?.includes(script)) seen.push(path)
    }
    expect(seen).toEqual(expect.arrayContaining(['/policies', '/tokens', '/api-keys']))
    expect(runs).toEqual([])
    expect(operator.complaints).toEqual([])
  })

  it('would have been noticed', async () => {
    await page.evaluate('globalThis.ran()')
    expect(runs).toHaveLength(1)
  })
})

function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}
