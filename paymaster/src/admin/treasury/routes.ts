// Money in and out of the house: what there is, every movement as a transaction for the owner's wallet or by the treasury
// key, and the history of both.
import { createRoute, z } from '@hono/zod-openapi'
import type { TreasuryDesk } from '../../treasury/desk.ts'
import { type ShowTreasury, showTransaction } from '../../treasury/showTreasury.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import { answerRefusal } from '../operatorRefusal.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import {
  executeSchema,
  preparedTransactionSchema,
  sentByWalletSchema,
  transactionRequestSchema,
  treasurySchema,
  treasuryTransactionSchema,
  treasuryTransactionsSchema,
} from './schema.ts'

const tags = ['Treasury']
const byAdmin = { tags, middleware: requireRole('admin') }

const show = createRoute({
  tags,
  method: 'get',
  path: '/treasury',
  summary: 'Deposit, stake, tanks, revenue, and who may move them',
  responses: { 200: jsonAnswer(treasurySchema, 'The treasury'), ...refusals() },
})
const prepare = createRoute({
  tags,
  method: 'post',
  path: '/treasury/prepare',
  summary: "A transaction for the owner's wallet to sign, described and simulated; nothing is sent",
  middleware: requireRole('operator'),
  request: { body: jsonBody(transactionRequestSchema) },
  responses: { 200: jsonAnswer(preparedTransactionSchema, 'The transaction'), ...refusals(400, 403, 409) },
})
const execute = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/treasury/execute',
  summary: 'Have the treasury key send it; a request id that was used before sends nothing again',
  request: { body: jsonBody(executeSchema) },
  responses: {
    202: jsonAnswer(treasuryTransactionSchema, 'Signed and on its way'),
    ...refusals(400, 403, 409),
  },
})
const record = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/treasury/transactions',
  summary: 'Tell which transaction a wallet has sent, so that it is followed here',
  request: { body: jsonBody(sentByWalletSchema) },
  responses: { 200: jsonAnswer(treasuryTransactionSchema, 'As it stands'), ...refusals(400, 403, 409) },
})
const list = createRoute({
  tags,
  method: 'get',
  path: '/treasury/transactions',
  summary: 'What was sent, the newest first, and what became of it',
  request: {
    query: pageQuerySchema.extend({
      cursor: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
  },
  responses: { 200: jsonAnswer(treasuryTransactionsSchema, 'The history'), ...refusals(400) },
})

export function createTreasuryRoutes(options: {
  readonly show: ShowTreasury
  readonly desk: TreasuryDesk
  readonly audit: AuditLog
}) {
  const { desk, audit } = options
  return createAdminRoutes()
    .openapi(show, async context => context.json(await options.show(), 200))
    .openapi(prepare, async context => {
      const prepared = await desk.prepare(context.req.valid('json'))
      if (!prepared.ok) return answerRefusal(context, prepared.refusal)
      return context.json(prepared.value.transaction, 200)
    })
    .openapi(execute, async context => {
      const { requestId, transaction } = context.req.valid('json')
      const { actor } = context.var
      const executed = await desk.execute({ requestId, request: transaction, actor })
      if (!executed.ok) return answerRefusal(context, executed.refusal)
      const row = executed.value
      const detail = { ...transaction, requestId, hash: row.hash }
      await audit.append({ actor, action: `treasury.${transaction.kind}`, subject: String(row.id), detail })
      return context.json(showTransaction(row), 202)
    })
    .openapi(record, async context => {
      const { requestId, kind, hash } = context.req.valid('json')
      const { actor } = context.var
      const sent = await desk.sentByWallet({ requestId, kind, hash: hash as `0x${string}`, actor })
      if (!sent.ok) return answerRefusal(context, sent.refusal)
      const row = sent.value
      await audit.append({
        actor,
        action: `treasury.${kind}`,
        subject: String(row.id),
        detail: { requestId, hash, by: 'wallet' },
      })
      return context.json(showTransaction(row), 200)
    })
    .openapi(list, async context => {
      const { limit, cursor } = context.req.valid('query')
      const rows = await desk.journal.page(limit + 1, cursor === undefined ? undefined : Number(cursor))
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const nextCursor = rows.length > limit && last !== undefined ? String(last.id) : null
      return context.json({ items: page.map(showTransaction), nextCursor }, 200)
    })
}
