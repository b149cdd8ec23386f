// Who asks, before any route: a person by the console's cookie, or a program by its API key.
import type { Callers } from '@worldland-aa/service/http/callers'
import { createMiddleware } from 'hono/factory'
import type { Actor, AdminEnvironment } from './adminEnvironment.ts'
import { adminError } from './adminError.ts'
import type { SessionCookie } from './session/sessionCookie.ts'
import type { Sessions } from './session/sessions.ts'

/** Undefined for a key that is none, or not good for this request. */
export type AuthenticateKey = (
  token: string,
  request: { readonly address: string; readonly origin?: string },
) => Promise<Actor | undefined> | Actor | undefined

const longestKeyCharacters = 512

/** Undefined for any other scheme: a proxy's own sign-in has the browser send `Basic` of itself. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

export function resolveActor(options: {
  readonly sessions: Sessions
  readonly cookie: SessionCookie
  readonly authenticateKey: AuthenticateKey
  readonly callers: Pick<Callers, 'callerOf'>
}) {
  const { sessions, cookie, authenticateKey, callers } = options
  return createMiddleware<AdminEnvironment>(async (context, next) => {
    const token = bearerToken(context.req.header('authorization'))
    if (token !== undefined) {
      const isPlausible = token.length <= longestKeyCharacters
      const origin = context.req.header('origin')
      const address = callers.callerOf(context.env.incoming)
      const request = { address, ...(origin !== undefined && { origin }) }
      const actor = isPlausible ? await authenticateKey(token, request) : undefined
      if (actor === undefined) {
        return adminError(context, 401, {
          code: 'keyRefused',
          message: 'This API key is not good here: it is unknown, revoked, expired, or not for this request',
          hint: 'send Authorization: Bearer and a key that the console made, from where it may be used',
        })
      }
      context.set('actor', actor)
      context.set('sessionId', undefined)
      return await next()
    }
    const secret = cookie.read(context)
    const session = secret === undefined ? undefined : await sessions.find(secret)
    if (session === undefined) {
      return adminError(context, 401, {
        code: 'notSignedIn',
        message: secret === undefined ? 'Nobody is signed in' : 'Your session has ended',
        hint: 'sign in at /console, or send Authorization: Bearer and an API key',
      })
    }
    context.set('actor', session.actor)
    context.set('sessionId', session.row.id)
    return await next()
  })
}
