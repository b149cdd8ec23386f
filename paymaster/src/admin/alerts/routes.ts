// Alerts in the admin API: which are open, which were, who has seen to one, and from where on a figure is one.
import { createRoute, z } from '@hono/zod-openapi'
import type { AlertBook } from '../../alerts/alertBook.ts'
import type { AlertWatch } from '../../alerts/alertWatch.ts'
import type { Thresholds } from '../../alerts/thresholds.ts'
import { aboutField, adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import {
  alertListSchema,
  alertSchema,
  alertThresholdListSchema,
  alertThresholdSchema,
  changedThresholdSchema,
} from './schema.ts'

const tags = ['Alerts']
const byOperator = { tags, middleware: requireRole('operator') }
const rowId = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the id of an alert')
  .transform(Number)

const list = createRoute({
  tags,
  method: 'get',
  path: '/alerts',
  summary: 'List alerts, the newest first',
  request: {
    query: pageQuerySchema.extend({ cursor: rowId.optional(), state: z.enum(['open', 'closed']).optional() }),
  },
  responses: { 200: jsonAnswer(alertListSchema, 'The alerts'), ...refusals(400) },
})
const acknowledge = createRoute({
  ...byOperator,
  method: 'post',
  path: '/alerts/{id}/acknowledge',
  summary: 'Say that somebody is seeing to it',
  request: { params: z.object({ id: rowId }) },
  responses: { 200: jsonAnswer(alertSchema, 'The alert'), ...refusals(400, 403, 404) },
})
const listThresholds = createRoute({
  tags,
  method: 'get',
  path: '/alert-thresholds',
  summary: 'What is measured, and from where on it is an alert',
  responses: { 200: jsonAnswer(alertThresholdListSchema, 'One for each kind'), ...refusals() },
})
const changeThreshold = createRoute({
  ...byOperator,
  method: 'put',
  path: '/alert-thresholds/{kind}',
  summary: 'Change from where on a figure is an alert, or switch one off',
  request: { params: z.object({ kind: z.string().max(64) }), body: jsonBody(changedThresholdSchema) },
  responses: { 200: jsonAnswer(alertThresholdSchema, 'As it is now'), ...refusals(400, 403, 404) },
})

export function createAlertsRoutes(options: {
  readonly book: Pick<AlertBook, 'page' | 'acknowledge'>
  readonly thresholds: Thresholds
  readonly watch: Pick<AlertWatch, 'look'>
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
}) {
  const { book, thresholds, watch, audit, live } = options
  const routes = createAdminRoutes()

  routes.openapi(list, async context => {
    const { limit, cursor, state } = context.req.valid('query')
    const found = await book.page({ state, before: cursor, limit: limit + 1 })
    const items = found.slice(0, limit)
    return context.json({ items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }, 200)
  })

  routes.openapi(acknowledge, async context => {
    const { id } = context.req.valid('param')
    const { actor } = context.var
    const alert = await book.acknowledge(id, actor.name)
    if (alert === undefined) {
      return adminError(context, 404, {
        code: 'notFound',
        message: 'There is no alert of this id',
        hint: 'look into the list: GET /api/v1/alerts',
      })
    }
    const { kind, subject } = alert
    await audit.append({ actor, action: 'alert.acknowledge', subject: String(id), detail: { kind, subject } })
    live.tell({ kind: 'alert', id: String(id) })
    return context.json(alert, 200)
  })

  routes.openapi(listThresholds, context =>
    context.json({ items: [...thresholds.all()], nextCursor: null }, 200),
  )

  routes.openapi(changeThreshold, async context => {
    const { kind } = context.req.valid('param')
    const changed = context.req.valid('json')
    const problem = thresholds.problem(kind, changed)
    if (problem !== undefined) {
      const hint = 'leave some room between the two, so that a figure at the edge is told once'
      return adminError(context, 400, { ...aboutField('closeAt', problem), code: 'malformed', hint })
    }
    const threshold = await thresholds.change(kind, changed)
    if (threshold === undefined) {
      return adminError(context, 404, {
        code: 'notFound',
        message: 'There is no alert of this kind',
        hint: 'GET /api/v1/alert-thresholds lists the kinds',
      })
    }
    await audit.append({
      actor: context.var.actor,
      action: 'alert.threshold',
      subject: kind,
      detail: changed,
    })
    await watch.look()
    live.tell({ kind: 'alert' })
    return context.json(threshold, 200)
  })

  return routes
}
