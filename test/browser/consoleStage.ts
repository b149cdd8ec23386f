// The operator's console in a real browser, over a devnet whose paymaster can be killed and started again.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type Look, openPage, startBrowser } from '../../scripts/console/openConsole.ts'
import { findBrowser } from '../../scripts/release/findBrowser.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { devnetStage } from '../support/devnet.ts'

const paymasterProgram = join(workspaceRoot, 'paymaster/packed/main.js')
const run = promisify(execFile)

/** Undefined: there is no Chromium here, and nothing of this can be tried. */
export const browserPath = findBrowser()

/** Call at the top of a test file. */
export function consoleStage(options: Omit<Parameters<typeof devnetStage>[0], 'serving'> = {}) {
  const stage = devnetStage({ serving: true, ...options })
  let browser: Browser | undefined
  let restarted: Daemon | undefined
  beforeAll(async () => {
    browser = await startBrowser(browserPath ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await restarted?.stop()
  })
  return {
    get devnet() {
      return stage.devnet
    },
    get faucet() {
      return stage.faucet
    },
    /** Where the console is: by its name, as browsers want it for passkeys. */
    get consoleUrl() {
      return stage.devnet.paymasterUrl.replace('127.0.0.1', 'localhost')
    },
    async open(look: Look & { readonly state?: Awaited<ReturnType<BrowserContext['storageState']>> } = {}) {
      if (browser === undefined) throw new Error('The browser has not started')
      return watched(await openPage(browser, look))
    },
    /** What the operator's command says, in a shell beside the service. */
    async command(...command: readonly string[]): Promise<string> {
      const dataFile = join(stage.devnet.dataDirectory, 'paymaster.sqlite')
      const { stdout } = await run(process.execPath, [paymasterProgram, ...command, '--data-file', dataFile])
      return stdout
    },
    async killPaymaster() {
      if (restarted !== undefined) return await restarted.kill()
      process.kill(stage.devnet.processIds.paymaster ?? 0, 'SIGKILL')
    },
    /** On the same port, over the same data. */
    async restartPaymaster() {
      const { devnet } = stage
      const file = (name: string): string => join(devnet.dataDirectory, name)
      restarted = await startDaemon({
        main: paymasterProgram,
        flags: {
          'rpc-url': devnet.rpcUrl,
          'bundler-url': devnet.bundlerUrl,
          paymaster: devnet.contracts.paymaster,
          port: new URL(devnet.paymasterUrl).port,
          policies: file('policies.json'),
          'data-file': file('paymaster.sqlite'),
          'trusted-proxies': '127.0.0.1',
          'base-fee-percent': 2_000,
          'poll-milliseconds': 250,
        },
        environment: {
          WORLDLAND_PAYMASTER_SIGNER_KEY: devnet.keys.paymasterSigner.privateKey,
          WORLDLAND_PAYMASTER_TREASURY_KEY: devnet.keys.paymasterOwner.privateKey,
        },
        logFile: file('paymaster.log'),
      })
    },
  }
}

export type WatchedPage = {
  readonly page: Page
  /** What its scripts threw, and what its content security policy held back. */
  readonly complaints: string[]
}

function watched(page: Page): WatchedPage {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => {
    const text = message.text()
    // Answers that are refusals are said by the page itself.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text)
  })
  return { page, complaints }
}

/** What axe finds serious or critical, each with the element and why. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} – ${failureSummary}`))
}

/** By how many pixels the page is wider than its window. */
export async function sidewaysPixels(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')) as number
}
