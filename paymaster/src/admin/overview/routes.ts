// The console's first page in one answer.
import { createRoute } from '@hono/zod-openapi'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import type { ReadOverview } from './readOverview.ts'
import { overviewQuerySchema, overviewSchema } from './schema.ts'

const get = createRoute({
  method: 'get',
  path: '/overview',
  tags: ['Overview'],
  summary: 'Spend, operations, refusals, deposit and runway',
  request: { query: overviewQuerySchema },
  responses: { 200: jsonAnswer(overviewSchema, 'The house at a glance'), ...refusals(400) },
})

export function createOverviewRoutes({ readOverview }: { readonly readOverview: ReadOverview }) {
  return createAdminRoutes().openapi(get, async context =>
    context.json(await readOverview(context.req.valid('query').range), 200),
  )
}
