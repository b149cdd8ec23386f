// API keys in the admin API: made, changed and revoked by admins, since a key of use `admin` is a way in. Looked at by all.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { ApiKeyBook } from '../../apiKeys/apiKeyBook.ts'
import { fieldProblem } from '../../problems/fieldProblems.ts'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { aboutField, adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import {
  apiKeyListSchema,
  apiKeySchema,
  changedApiKeySchema,
  createdApiKeySchema,
  newApiKeySchema,
} from './schema.ts'

export type ApiKeyRoutesOptions = {
  readonly book: Pick<ApiKeyBook, 'create' | 'change' | 'revoke' | 'list' | 'find'>
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}

const params = z.object({ id: z.string().max(64) })
const tags = ['API keys']
const admins = requireRole('admin')

const listRoute = createRoute({
  method: 'get',
  path: '/api-keys',
  tags,
  summary: 'List API keys, the newest first',
  request: { query: pageQuerySchema },
  responses: { 200: jsonAnswer(apiKeyListSchema, 'The keys'), ...refusals(400) },
})
const showRoute = createRoute({
  method: 'get',
  path: '/api-keys/{id}',
  tags,
  summary: 'Show an API key',
  request: { params },
  responses: { 200: jsonAnswer(apiKeySchema, 'The key'), ...refusals(404) },
})
const createKeyRoute = createRoute({
  method: 'post',
  path: '/api-keys',
  tags,
  summary: 'Make an API key; it is shown in this answer only',
  middleware: admins,
  request: { body: jsonBody(newApiKeySchema) },
  responses: { 201: jsonAnswer(createdApiKeySchema, 'The key'), ...refusals(400, 403, 409) },
})
const changeRoute = createRoute({
  method: 'put',
  path: '/api-keys/{id}',
  tags,
  summary: 'Change name, limits and expiry of an API key',
  middleware: admins,
  request: { params, body: jsonBody(changedApiKeySchema) },
  responses: { 200: jsonAnswer(apiKeySchema, 'The key as it is now'), ...refusals(400, 403, 404) },
})
const revokeRoute = createRoute({
  method: 'post',
  path: '/api-keys/{id}/revoke',
  tags,
  summary: 'Revoke an API key, for ever; it is refused at the next request',
  middleware: admins,
  request: { params },
  responses: { 200: jsonAnswer(apiKeySchema, 'The revoked key'), ...refusals(403, 404) },
})

const notFound = {
  code: 'notFound' as const,
  message: 'There is no API key of this id that is not revoked',
  hint: 'look into the list: GET /api/v1/api-keys',
}

export function createApiKeysRoutes(options: ApiKeyRoutesOptions): OpenAPIHono<AdminEnvironment> {
  const { book, audit, live, now } = options
  const routes = createAdminRoutes()

  routes.openapi(listRoute, context => {
    const { limit, cursor } = context.req.valid('query')
    const all = book.list()
    const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1
    const items = all.slice(start, start + limit)
    const nextCursor = start + limit < all.length ? (items.at(-1)?.id ?? null) : null
    return context.json({ items: [...items], nextCursor }, 200)
  })

  routes.openapi(showRoute, context => {
    const apiKey = book.find(context.req.valid('param').id)
    return apiKey === undefined ? adminError(context, 404, notFound) : context.json(apiKey, 200)
  })

  routes.openapi(createKeyRoute, async context => {
    const wanted = context.req.valid('json')
    const { actor } = context.var
    const past = pastExpiry(wanted, now())
    if (past !== undefined) return adminError(context, 400, past)
    const made = await book.create(wanted, actor.name)
    if (made === undefined) {
      return adminError(context, 409, {
        code: 'tooMany',
        message: 'There are as many API keys as there may be',
        hint: 'revoke some that nobody uses',
      })
    }
    const { name, use, role, limits } = made.apiKey
    await audit.append({
      actor,
      action: 'apiKey.create',
      subject: made.apiKey.id,
      detail: { name, use, role, limits },
    })
    live.tell({ kind: 'apiKey', id: made.apiKey.id })
    return context.json(made, 201)
  })

  routes.openapi(changeRoute, async context => {
    const { id } = context.req.valid('param')
    const changed = context.req.valid('json')
    const before = book.find(id)
    const past = pastExpiry(changed, now())
    if (past !== undefined) return adminError(context, 400, past)
    const apiKey = await book.change(id, changed)
    if (apiKey === undefined) return adminError(context, 404, notFound)
    await audit.append({
      actor: context.var.actor,
      action: 'apiKey.change',
      subject: id,
      detail: { before: before && { name: before.name, limits: before.limits }, after: changed },
    })
    live.tell({ kind: 'apiKey', id })
    return context.json(apiKey, 200)
  })

  routes.openapi(revokeRoute, async context => {
    const { id } = context.req.valid('param')
    const apiKey = await book.revoke(id)
    if (apiKey === undefined) return adminError(context, 404, notFound)
    await audit.append({
      actor: context.var.actor,
      action: 'apiKey.revoke',
      subject: id,
      detail: { name: apiKey.name },
    })
    live.tell({ kind: 'apiKey', id })
    return context.json(apiKey, 200)
  })

  return routes
}

function pastExpiry({ expiresAtSeconds }: { expiresAtSeconds: number | null }, nowSeconds: number) {
  if (expiresAtSeconds === null || expiresAtSeconds > nowSeconds) return undefined
  return {
    ...aboutField('expiresAtSeconds', fieldProblem('inThePast')),
    code: 'malformed' as const,
    hint: 'give a time to come, in seconds since the epoch, or null for a key that does not expire',
  }
}
