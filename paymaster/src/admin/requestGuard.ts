// Who may send a change: the console's own pages, and programs with a key. A page of anyone else's, in the browser of
// somebody who is signed in, may not: its requests name another origin, or none.
import { createMiddleware } from 'hono/factory'
import { bearerToken } from './actor.ts'
import type { AdminEnvironment } from './adminEnvironment.ts'
import { adminError } from './adminError.ts'
import { ownOrigins } from './consoleOrigin.ts'

export function requestGuard(consoleOrigin: () => string) {
  return createMiddleware<AdminEnvironment>(async (context, next) => {
    const origin = context.req.header('origin')
    const site = context.req.header('sec-fetch-site')
    if (site === 'cross-site') return foreign(origin)
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return await next()
    const type = context.req.header('content-type')
    if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
      return adminError(context, 400, {
        code: 'notJson',
        message: `A change is sent as application/json, but this is ${type.slice(0, 80)}`,
        hint: 'set the header content-type: application/json',
      })
    }
    // No page of a browser's can set this across origins, and with it the cookie is not looked at.
    if (bearerToken(context.req.header('authorization')) !== undefined) return await next()
    if (origin === undefined) return site === 'same-origin' ? await next() : foreign(undefined)
    return ownOrigins(consoleOrigin()).includes(origin) ? await next() : foreign(origin)

    function foreign(from: string | undefined): Response {
      return adminError(context, 403, {
        code: 'foreignOrigin',
        message: `This comes from ${from?.slice(0, 200) ?? 'a page that does not say where it is from'}, and the console is at ${consoleOrigin()}`,
        hint: 'open the console there, name its address by --console-origin, or call with an API key',
      })
    }
  })
}
