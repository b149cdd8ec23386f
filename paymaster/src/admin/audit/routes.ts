// The audit log for who looks: a page at a time, or all of it as CSV. Nothing here changes it.
import { createRoute, z } from '@hono/zod-openapi'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import type { AuditRow, AuditStore } from './auditStore.ts'
import {
  type AuditFilter,
  type AuditItem,
  auditCheckSchema,
  auditFilterSchema,
  auditPageSchema,
  auditQuerySchema,
} from './schema.ts'

const rowsPerStep = 500

const list = createRoute({
  method: 'get',
  path: '/audit',
  tags: ['Audit log'],
  summary: 'What was done, by whom, newest first',
  request: { query: auditQuerySchema },
  responses: { 200: jsonAnswer(auditPageSchema, 'A page of the audit log'), ...refusals(400) },
})

const asCsv = createRoute({
  method: 'get',
  path: '/audit.csv',
  tags: ['Audit log'],
  summary: 'All that match, as CSV',
  request: { query: auditFilterSchema },
  responses: {
    200: { description: 'CSV with a heading line', content: { 'text/csv': { schema: z.string() } } },
    ...refusals(400),
  },
})

const check = createRoute({
  method: 'get',
  path: '/audit/check',
  tags: ['Audit log'],
  summary: 'Whether the log is as it was written',
  responses: { 200: jsonAnswer(auditCheckSchema, 'The first entry that is not, if any'), ...refusals() },
})

export function createAuditRoutes(audit: AuditStore) {
  return createAdminRoutes()
    .openapi(list, async context => {
      const { limit, cursor, ...filter } = context.req.valid('query')
      const beforeId = cursor === undefined ? undefined : Number(cursor)
      const rows = await audit.read(filter, { beforeId: Number.isNaN(beforeId) ? 0 : beforeId, limit })
      const last = rows.length === limit ? rows.at(-1) : undefined
      return context.json({ items: rows.map(toItem), nextCursor: last ? String(last.id) : null }, 200)
    })
    .openapi(asCsv, context => {
      const filter = context.req.valid('query')
      return new Response(ReadableStream.from(csvOf(audit, filter)), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="audit.csv"',
        },
      }) as never
    })
    .openapi(check, async context => context.json(await audit.check(), 200))
}

function toItem(row: AuditRow): AuditItem {
  return {
    id: row.id,
    atSeconds: row.at,
    actorId: row.actor_id,
    actorName: row.actor_name,
    actorRole: row.actor_role,
    action: row.action,
    subject: row.subject,
    detail: JSON.parse(row.detail),
    hash: row.hash,
  }
}

async function* csvOf(audit: AuditStore, filter: AuditFilter): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode('id,time,actorId,actorName,actorRole,action,subject,detail,hash\r\n')
  let beforeId: number | undefined
  for (;;) {
    const rows = await audit.read(filter, { beforeId, limit: rowsPerStep })
    const lines = rows.map(row => {
      const time = new Date(row.at * 1000).toISOString()
      const { id, actor_id, actor_name, actor_role, action, subject, detail, hash } = row
      return [id, time, actor_id, actor_name, actor_role, action, subject ?? '', detail, hash]
        .map(csvField)
        .join(',')
    })
    if (lines.length > 0) yield encoder.encode(`${lines.join('\r\n')}\r\n`)
    beforeId = rows.at(-1)?.id
    if (rows.length < rowsPerStep) return
  }
}

/** A spreadsheet takes what begins with = + - @ for a formula: an apostrophe keeps it text. */
function csvField(value: string | number): string {
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
