// Deliveries in the admin API: what was sent, what the endpoint answered, and another try by hand.
import { createRoute, z } from '@hono/zod-openapi'
import type { DeliveryPages } from '../../webhooks/deliveryPages.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import { deliveryDetailSchema, deliveryListSchema, deliverySchema, deliveryStates } from './schema.ts'

const tags = ['Webhooks']
const rowId = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the id of a delivery')
  .transform(Number)
const idParam = { params: z.object({ id: rowId }) }

const list = createRoute({
  tags,
  method: 'get',
  path: '/deliveries',
  summary: 'List deliveries, the newest first',
  request: {
    query: pageQuerySchema.extend({
      cursor: rowId.optional(),
      webhookId: z.string().max(64).optional(),
      state: z.enum(deliveryStates).optional(),
    }),
  },
  responses: { 200: jsonAnswer(deliveryListSchema, 'The deliveries'), ...refusals(400) },
})
const show = createRoute({
  tags,
  method: 'get',
  path: '/deliveries/{id}',
  summary: 'Show a delivery with its body and its last attempts',
  request: idParam,
  responses: { 200: jsonAnswer(deliveryDetailSchema, 'The delivery'), ...refusals(400, 404) },
})
const retry = createRoute({
  tags,
  middleware: requireRole('operator'),
  method: 'post',
  path: '/deliveries/{id}/retry',
  summary: 'Send a message again at once',
  request: idParam,
  responses: { 200: jsonAnswer(deliverySchema, 'The delivery, on its way'), ...refusals(400, 403, 404) },
})

const notFound = {
  code: 'notFound' as const,
  message: 'There is no delivery of this id any more',
  hint: 'look into the list: GET /api/v1/deliveries',
}

export function createDeliveriesRoutes(options: {
  readonly pages: DeliveryPages
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}) {
  const { pages, audit, live, now } = options
  const routes = createAdminRoutes()

  routes.openapi(list, async context => {
    const { limit, cursor, webhookId, state } = context.req.valid('query')
    const found = await pages.page({ endpointId: webhookId, state, before: cursor, limit: limit + 1 })
    const items = found.slice(0, limit)
    return context.json({ items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }, 200)
  })

  routes.openapi(show, async context => {
    const detail = await pages.detail(context.req.valid('param').id, context.var.actor.role)
    return detail === undefined ? adminError(context, 404, notFound) : context.json(detail, 200)
  })

  routes.openapi(retry, async context => {
    const { id } = context.req.valid('param')
    const delivery = await pages.retry(id, now())
    if (delivery === undefined) return adminError(context, 404, notFound)
    const { webhookId, messageId } = delivery
    await audit.append({
      actor: context.var.actor,
      action: 'delivery.retry',
      subject: String(id),
      detail: { webhookId, messageId },
    })
    live.tell({ kind: 'delivery', id: String(id) })
    return context.json(delivery, 200)
  })

  return routes
}
