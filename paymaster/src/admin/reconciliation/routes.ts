// The books against the chain: the last comparison, all before it, what explains a drift, and another one on demand.
import { createRoute, z } from '@hono/zod-openapi'
import type { Reconciliation } from '../../reconciliation/reconciliation.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import {
  driftItemsSchema,
  reconciliationRunSchema,
  reconciliationRunsSchema,
  reconciliationSchema,
} from './schema.ts'

const tags = ['Reconciliation']
const numbered = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})
const byId = z.object({ id: z.string().regex(/^\d{1,15}$/, 'must be the id of a run') })

const show = createRoute({
  tags,
  method: 'get',
  path: '/reconciliation',
  summary: 'The last comparison of the books with the chain',
  responses: { 200: jsonAnswer(reconciliationSchema, 'How it stands'), ...refusals() },
})
const list = createRoute({
  tags,
  method: 'get',
  path: '/reconciliation/runs',
  summary: 'All comparisons, the newest first',
  request: { query: numbered },
  responses: { 200: jsonAnswer(reconciliationRunsSchema, 'The runs'), ...refusals(400) },
})
const items = createRoute({
  tags,
  method: 'get',
  path: '/reconciliation/runs/{id}/items',
  summary: 'The operations and transactions that explain its drift, to the wei',
  request: { params: byId, query: numbered },
  responses: { 200: jsonAnswer(driftItemsSchema, 'The items'), ...refusals(400, 404) },
})
const run = createRoute({
  tags,
  method: 'post',
  path: '/reconciliation/runs',
  summary: 'Compare now; joins a comparison that is under way',
  middleware: requireRole('operator'),
  responses: { 200: jsonAnswer(reconciliationRunSchema, 'The run'), ...refusals(403, 409) },
})

export function createReconciliationRoutes(options: {
  readonly reconciliation: Reconciliation
  readonly audit: AuditLog
}) {
  const { reconciliation, audit } = options
  const { runs } = reconciliation
  return createAdminRoutes()
    .openapi(show, context =>
      context.json(
        {
          latest: reconciliation.latest() ?? null,
          isRunning: reconciliation.isRunning(),
          nextAtSeconds: reconciliation.nextAtSeconds() ?? null,
        },
        200,
      ),
    )
    .openapi(list, async context => {
      const { limit, cursor } = context.req.valid('query')
      const found = await runs.page(limit + 1, cursor === undefined ? undefined : Number(cursor))
      const page = found.slice(0, limit)
      const nextCursor = found.length > limit ? (page.at(-1)?.id ?? null) : null
      return context.json({ items: [...page], nextCursor }, 200)
    })
    .openapi(items, async context => {
      const { limit, cursor } = context.req.valid('query')
      const id = Number(context.req.valid('param').id)
      if ((await runs.run(id)) === undefined) {
        return adminError(context, 404, {
          code: 'noRun',
          message: `There is no run ${id}`,
          hint: 'GET /api/v1/reconciliation/runs lists them',
        })
      }
      const from = Number(cursor ?? 0)
      const found = await runs.items(id, limit + 1, from)
      const nextCursor = found.length > limit ? String(from + limit) : null
      return context.json({ items: found.slice(0, limit), nextCursor }, 200)
    })
    .openapi(run, async context => {
      const { actor } = context.var
      const done = await reconciliation.reconcile('demand')
      if (done === undefined) {
        return adminError(context, 409, {
          code: 'noFinalBlock',
          message: 'The chain has no final block yet that the ledger has seen',
          hint: 'ask again in some blocks',
        })
      }
      await audit.append({ actor, action: 'reconciliation.run', subject: done.id })
      return context.json(done, 200)
    })
}
