// The explorer of operations: every decision with its reason, and what became of it.
import { createRoute, z } from '@hono/zod-openapi'
import type { QueryThread } from '@worldland-aa/service/database/queryThread'
import type { Hash } from 'viem'
import { parseCursor } from '../../decisions/explorer/list.ts'
import type { ExplorerQueries, KeptOperation } from '../../decisions/explorer/queries.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import type { AskBundler } from './askBundler.ts'
import { operationsCsv } from './operationsCsv.ts'
import { notLanded, type ReadReceipt } from './readReceipt.ts'
import {
  type OperationDetail,
  operationDetailSchema,
  operationFilterSchema,
  operationListSchema,
  operationQuerySchema,
} from './schema.ts'

export type OperationsRoutesOptions = {
  readonly explorer: Pick<QueryThread<ExplorerQueries>, 'ask'>
  readonly askBundler: AskBundler
  readonly readReceipt: ReadReceipt
}

const tags = ['Operations']

const list = createRoute({
  method: 'get',
  path: '/operations',
  tags,
  summary: 'Decisions and what became of them, newest first',
  request: { query: operationQuerySchema },
  responses: { 200: jsonAnswer(operationListSchema, 'A page of operations'), ...refusals(400) },
})

const asCsv = createRoute({
  method: 'get',
  path: '/operations.csv',
  tags,
  summary: 'All that match, as CSV',
  request: { query: operationFilterSchema },
  responses: {
    200: { description: 'CSV with a heading line', content: { 'text/csv': { schema: z.string() } } },
    ...refusals(400),
  },
})

const one = createRoute({
  method: 'get',
  path: '/operations/{id}',
  tags,
  summary: 'One operation: decision, ledger, receipt and bundler',
  request: {
    params: z.object({
      id: z
        .string()
        .regex(/^(\d{1,15}|0x[0-9a-fA-F]{64})$/, 'must be the id of a list, or a user operation’s hash'),
    }),
  },
  responses: { 200: jsonAnswer(operationDetailSchema, 'The operation'), ...refusals(400, 404) },
})

export function createOperationsRoutes(options: OperationsRoutesOptions) {
  const { explorer } = options
  return createAdminRoutes()
    .openapi(list, async context => {
      const { limit, cursor, ...filter } = context.req.valid('query')
      if (parseCursor(cursor) === undefined) {
        return adminError(context, 400, {
          code: 'malformed',
          message: 'cursor: no page has given this one',
          hint: 'take nextCursor of the page before, or leave it out',
          field: 'cursor',
        }) as never
      }
      const [page, count] = await Promise.all([
        explorer.ask('page', { filter, limit, cursor }),
        explorer.ask('count', filter),
      ])
      return context.json({ ...page, ...count, items: [...page.items] }, 200)
    })
    .openapi(asCsv, context => {
      const filter = context.req.valid('query')
      return new Response(ReadableStream.from(operationsCsv(explorer, filter)), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="operations.csv"',
        },
      }) as never
    })
    .openapi(one, async context => {
      const { id } = context.req.valid('param')
      const kept = await explorer.ask('one', id.toLowerCase())
      if (kept === undefined) {
        return adminError(context, 404, {
          code: 'unknownOperation',
          message: `No operation ${id} is kept here`,
          hint: 'it may have been let go of (--ledger-retention-days), or not be paid for by this paymaster',
        }) as never
      }
      return context.json(await describe(kept, options), 200)
    })
}

async function describe(
  { operation, decision, ledger }: KeptOperation,
  { askBundler, readReceipt }: OperationsRoutesOptions,
): Promise<OperationDetail> {
  const userOperationHash = operation.userOperationHash as Hash | null
  const transactionHash = operation.transactionHash as Hash | null
  const [receipt, bundler] = await Promise.all([
    userOperationHash === null || transactionHash === null
      ? notLanded
      : readReceipt({ transactionHash, userOperationHash }),
    userOperationHash === null ? notAsked : askBundler(userOperationHash),
  ])
  return {
    operation,
    decision: decision ?? null,
    decisionNote:
      decision === undefined
        ? 'Only the ledger’s row is left: what was decided was not on the disk when the service was killed, or another service signed it.'
        : null,
    ledger: ledger ?? null,
    receipt,
    bundler,
  }
}

/** What was refused has no hash that a bundler could know. */
const notAsked: OperationDetail['bundler'] = {
  connection: 'connected',
  hint: null,
  state: null,
  explanation: null,
  receipt: null,
}
