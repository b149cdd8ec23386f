// The running service with its admin side, and people who come in by the browser: each with cookies of their own.
import { askDaemon } from '@worldland-aa/service/control/askDaemon'
import { controlPathOf } from '@worldland-aa/service/control/controlSocket'
import type { Chain } from '../../testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from '../../testing/startPaymaster.ts'
import type { Role } from '../adminEnvironment.ts'
import type { Session } from '../session/schema.ts'

export type Answer<Body> = { readonly status: number; readonly body: Body; readonly headers: Headers }

export type Browser = {
  /** As a page of the console asks; `headers` win. */
  ask<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>
  cookie(): string | undefined
  setCookie(cookie: string): void
}

export type House = PaymasterUnderTest & {
  readonly origin: string
  newBrowser(): Browser
  /** A link as the shell prints it. */
  newLink(role: Role): Promise<string>
  signIn(role: Role): Promise<Browser & { readonly session: Session }>
}

/** `policies` is the content of the policy file. */
export async function startHouse(
  chain: Chain,
  settings: Record<string, unknown> = {},
  policies?: unknown,
): Promise<House> {
  const service = await startPaymaster(chain, {
    settings: { admin: 'on', trustedProxies: ['127.0.0.1'], ...settings },
    policies,
  })
  const origin = `http://localhost:${new URL(service.url).port}`

  async function newLink(role: Role): Promise<string> {
    const path = controlPathOf(service.config.dataFile)
    const { ok, message } = await askDaemon(path, { command: 'sign-in-link', argument: role })
    if (!ok) throw new Error(message)
    return message.split('\n')[0] ?? ''
  }
  return {
    ...service,
    origin,
    newLink,
    newBrowser: () => createBrowser(service.url, origin),
    async signIn(role) {
      const browser = createBrowser(service.url, origin)
      const token = tokenOf(await newLink(role))
      const { status, body } = await browser.ask<Session>('POST', '/session/link', { token })
      if (status !== 200) throw new Error(`sign-in was answered ${status}: ${JSON.stringify(body)}`)
      return { ...browser, session: body }
    },
  }
}

export function tokenOf(link: string): string {
  return new URL(link).hash.slice(1)
}

let browsers = 0

/** Each calls from an address of its own, as behind a proxy. */
function createBrowser(url: string, origin: string): Browser {
  const address = `198.51.100.${(browsers++ % 250) + 1}`
  let cookie: string | undefined
  return {
    cookie: () => cookie,
    setCookie(given) {
      cookie = given
    },
    async ask<Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          origin,
          'x-forwarded-for': address,
          ...(cookie !== undefined && { cookie }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const set = response.headers.getSetCookie()[0]
      if (set !== undefined) cookie = set.split(';')[0]
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') === true
      return {
        status: response.status,
        body: (isJson ? JSON.parse(text) : text) as Body,
        headers: response.headers,
      }
    },
  }
}
