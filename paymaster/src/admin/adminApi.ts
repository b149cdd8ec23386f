// The admin API under /api/v1: who asks is found out before any resource hears of it, but for the ways in.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import { type AuthenticateKey, resolveActor } from './actor.ts'
import type { AdminEnvironment } from './adminEnvironment.ts'
import { adminError } from './adminError.ts'
import { createAdminRoutes } from './adminRoutes.ts'
import { answerHeaders } from './answerHeaders.ts'
import { requestGuard } from './requestGuard.ts'
import type { SessionCookie } from './session/sessionCookie.ts'
import type { Sessions } from './session/sessions.ts'

export type AdminRoutes = OpenAPIHono<AdminEnvironment>

export type AdminApiOptions = {
  readonly consoleOrigin: () => string
  readonly sessions: Sessions
  readonly cookie: SessionCookie
  readonly authenticateKey: AuthenticateKey
  readonly callers: Pick<Callers, 'callerOf'>
  readonly signIn: AdminRoutes
  /** One for each resource; their paths begin with its name. */
  readonly resources: readonly AdminRoutes[]
  readonly version: string
  readonly startedAtSeconds: number
  readonly logger: Logger
}

export const apiPath = '/api/v1'

export function createAdminApi(options: AdminApiOptions): AdminRoutes {
  const { consoleOrigin, sessions, cookie, authenticateKey, callers } = options
  const { logger, version, startedAtSeconds } = options
  const api = createAdminRoutes().basePath(apiPath)
  api.use(answerHeaders)
  api.use(requestGuard(consoleOrigin))
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'paymaster-session',
    description: 'The console’s cookie; it bears the port in its name where the console is not on 443',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  const document = () => {
    const written = api.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'WorldLand paymaster, admin API',
        version,
        description:
          'Everything that the console does. Lists answer { items, nextCursor }; wei are decimal strings in fields named …Wei, times are seconds since 1970 in …AtSeconds. Refusals have one shape: { error: { code, message, hint, field? } }.',
      },
      security: [{ session: [] }, { key: [] }],
    })
    return written
  }
  let text: string | undefined
  api.get('/openapi.json', context => {
    text ??= JSON.stringify(document())
    return context.body(text, 200, { 'content-type': 'application/json' })
  })
  /** For a console whose server went: that there is one again, and whether it is another. */
  api.get('/health', context => context.json({ version, startedAtSeconds }))
  api.route('/', options.signIn)
  api.use(resolveActor({ sessions, cookie, authenticateKey, callers }))
  for (const resource of options.resources) api.route('/', resource)
  api.notFound(context =>
    adminError(context, 404, {
      code: 'nothingHere',
      message: `Nothing is served at ${context.req.method} ${context.req.path}`,
      hint: `${apiPath}/openapi.json lists what is`,
    }),
  )
  api.onError((error, context) => {
    if ('status' in error && error.status === 400) {
      return adminError(context, 400, {
        code: 'notJson',
        message: 'The body is not JSON that can be read',
        hint: 'send what /api/v1/openapi.json describes',
      })
    }
    if (error instanceof Outage) {
      return adminError(context, 503, {
        code: 'unavailable',
        message: error.toCaller,
        hint: 'try again in a moment',
      })
    }
    logger.error({ error, path: context.req.path }, 'a request to the admin API failed')
    return adminError(context, 500, {
      code: 'internal',
      message: 'This failed, by no fault of yours: the service’s log says why',
      hint: 'try again; if it fails again, see the log',
    })
  })
  return api
}
