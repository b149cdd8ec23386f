// An operator's script at the paymaster's admin API: comes in by a link of the devnet's, as a person does by the browser.
import type { Devnet } from '../devnet/startDevnet.ts'

export type ConsoleSession = {
  /** Throws what the API says no with. */
  ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer>
}

export async function consoleSession(
  devnet: Pick<Devnet, 'consoleLink' | 'paymasterUrl'>,
  role: 'viewer' | 'operator' | 'admin',
): Promise<ConsoleSession> {
  const link = new URL(await devnet.consoleLink(role))
  let cookie = ''

  async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${devnet.paymasterUrl}/api/v1${path}`, {
      method,
      headers: { origin: link.origin, cookie, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
    return JSON.parse(text) as Answer
  }

  await ask('POST', '/session/link', { token: link.hash.slice(1) })
  return { ask }
}
