// A browser at the door of a devnet's console, as its operator comes: by the link that the paymaster prints once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

export type Look = {
  readonly colorScheme?: 'light' | 'dark'
  readonly locale?: 'en' | 'ko'
  readonly width?: number
  readonly height?: number
}

export async function startBrowser(executablePath: string): Promise<Browser> {
  // Passkeys belong to a name, never to a number; where localhost is also ::1, nobody listens there.
  return await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--host-resolver-rules=MAP localhost 127.0.0.1'],
  })
}

/** The newest that the paymaster's log tells. */
export function signInLink(logFile: string): string {
  const links = [...readFileSync(logFile, 'utf8').matchAll(/"signIn":"([^"]+)"/g)]
  const link = links.at(-1)?.[1]
  if (link === undefined) throw new Error(`${logFile} tells no sign-in link: does somebody have one already?`)
  return link
}

export function devnetSignInLink(devnet: { readonly dataDirectory: string }): string {
  return signInLink(join(devnet.dataDirectory, 'paymaster.log'))
}

export async function openPage(
  browser: Browser,
  look: Look & { readonly state?: Awaited<ReturnType<BrowserContext['storageState']>> } = {},
): Promise<Page> {
  const { colorScheme = 'light', locale = 'en', width = 1280, height = 860, state } = look
  const context = await browser.newContext({
    colorScheme,
    locale,
    // What slides and fades is looked at when it stands.
    reducedMotion: 'reduce',
    viewport: { width, height },
    ...(state !== undefined && { storageState: state }),
  })
  return await context.newPage()
}

/** Resolves once the first page stands. */
export async function signInByLink(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('navigation').first().waitFor()
}
