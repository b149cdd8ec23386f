// The cookie that holds a session's token: for this site's own pages alone, and out of reach of their scripts.
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AdminEnvironment } from '../adminEnvironment.ts'

export type SessionCookie = {
  read(context: Context<AdminEnvironment>): string | undefined
  write(context: Context<AdminEnvironment>, token: string): void
  clear(context: Context<AdminEnvironment>): void
}

/** `origin`: where the console is. Browsers share cookies among the ports of a host, so the port is in the name. */
export function createSessionCookie(origin: () => string): SessionCookie {
  const place = () => {
    const { protocol, port } = new URL(origin())
    const secure = protocol === 'https:'
    const name = `paymaster-session${port === '' ? '' : `-${port}`}`
    return {
      name: secure ? `__Host-${name}` : name,
      attributes: { httpOnly: true, sameSite: 'Strict', path: '/', secure } as const,
    }
  }
  return {
    read(context) {
      const token = getCookie(context, place().name)
      return token === undefined || token.length > 128 ? undefined : token
    },
    write(context, token) {
      const { name, attributes } = place()
      setCookie(context, name, token, attributes)
    },
    clear(context) {
      const { name, attributes } = place()
      deleteCookie(context, name, attributes)
    },
  }
}
