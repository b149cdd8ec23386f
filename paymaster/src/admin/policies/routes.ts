// Policies in the admin API: looked at by all, changed by operators, each change a version with its author, in force for
// the next request.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Context } from 'hono'
import type { Kysely } from 'kysely'
import type { LedgerSchema } from '../../ledger/schema.ts'
import type { DryRunner } from '../../policy/dryRun.ts'
import type { PolicyBook } from '../../policy/policyBook.ts'
import { policyJsonSchema } from '../../policy/policyJsonSchema.ts'
import type { KeptPolicy } from '../../policy/store/keptPolicy.ts'
import type { EditRefusal, PolicyChange } from '../../policy/store/policyEdits.ts'
import type { RequestedOperation } from '../../requestedOperation.ts'
import type { ShownToken } from '../../tokenAmount.ts'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { createBanRoutes } from './banRoutes.ts'
import { createDryRunRoute } from './dryRunRoute.ts'
import {
  archivePolicy,
  listPolicies,
  rollbackPolicy,
  savePolicy,
  showHistory,
  showPolicyRoute,
  showSchema,
  validatePolicy,
} from './operations.ts'
import type { PolicyVersion } from './schema.ts'
import { readPolicyFigures, showDetail, showPolicy } from './showPolicy.ts'

export type PolicyRoutesOptions = {
  readonly book: PolicyBook
  readonly dryRun: DryRunner
  /** Of a JSON-RPC user operation. */
  readonly readOperation: (pasted: unknown) => Result<RequestedOperation>
  readonly database: Kysely<LedgerSchema>
  /** The compute token. */
  readonly token: ShownToken
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
  /** Seconds since the Unix epoch, as the chain will measure them. */
  readonly now: () => number
}

export function createPoliciesRoutes(options: PolicyRoutesOptions): OpenAPIHono<AdminEnvironment> {
  const { book, database, token, audit, live, now } = options
  const shown = { database, token }
  const routes = createAdminRoutes()

  /** Written down and told, before it is answered. */
  async function answerChange(
    context: Context<AdminEnvironment>,
    verb: 'save' | 'rollback' | 'archive',
    id: string,
    change: { readonly note?: string | undefined },
    edit: (change: PolicyChange & { expectedVersion: number }) => Promise<Result<KeptPolicy>>,
    expectedVersion: number,
  ): Promise<Response> {
    const { actor } = context.var
    const before = book.find(id)
    const edited = await edit({ id, expectedVersion, author: actor.name, note: change.note ?? '' })
    if (!edited.ok) return answerEditRefusal(context, edited.refusal)
    const { version, note } = edited.value
    await audit.append({
      actor,
      action: `policy.${verb}`,
      subject: id,
      // What it said and says is in its history, word for word.
      detail: {
        version,
        note,
        fromVersion: before?.version ?? 0,
        changed: changedFields(before, edited.value),
      },
    })
    live.tell({ kind: 'policy', id })
    return context.json(await showDetail(shown, edited.value, now()), 200)
  }

  routes.openapi(listPolicies, async context => {
    const { limit, cursor = '', state } = context.req.valid('query')
    const all = book.all().filter(kept => kept.id > cursor && (state === undefined || kept.state === state))
    const page = all.slice(0, limit)
    const figures = await readPolicyFigures(database, now())
    const items = await Promise.all(page.map(kept => showPolicy(shown, kept, figures, now())))
    const nextCursor = all.length > limit ? (page.at(-1)?.id ?? null) : null
    return context.json({ items, nextCursor }, 200)
  })
  routes.openapi(showSchema, context => context.json({ ...policyJsonSchema() }, 200))
  routes.route('/', createBanRoutes(options))
  routes.route('/', createDryRunRoute(options))
  routes.openapi(validatePolicy, context => {
    const problems = [...book.problemsOf(context.req.valid('json').definition)]
    return context.json({ isValid: problems.length === 0, problems }, 200)
  })
  routes.openapi(showPolicyRoute, async context => {
    const kept = book.find(context.req.valid('param').id)
    if (kept === undefined) return adminError(context, 404, notFound) as never
    return context.json(await showDetail(shown, kept, now()), 200)
  })
  routes.openapi(showHistory, async context => {
    const { id } = context.req.valid('param')
    const { limit, cursor } = context.req.valid('query')
    const kept = book.find(id)
    if (kept === undefined) return adminError(context, 404, notFound) as never
    const before = cursor === undefined ? undefined : Number(cursor)
    if (before !== undefined && !Number.isSafeInteger(before)) {
      return adminError(context, 400, {
        code: 'malformed',
        message: 'cursor is none of this list',
        hint: 'take nextCursor of the page before',
        field: 'cursor',
      }) as never
    }
    const versions = await book.history(id, { before, limit: limit + 1 })
    const items: PolicyVersion[] = versions.slice(0, limit).map(({ definition, ...version }) => ({
      ...version,
      isInForce: kept.state === 'inForce' && version.version === kept.version,
      definition: JSON.parse(definition) as Record<string, unknown>,
    }))
    const nextCursor = versions.length > limit ? String(items.at(-1)?.version) : null
    return context.json({ items, nextCursor }, 200)
  })
  routes.openapi(savePolicy, async context => {
    const { id } = context.req.valid('param')
    const body = context.req.valid('json')
    const { definition, expectedVersion } = body
    const save = (change: PolicyChange) => book.save({ ...change, definition })
    return (await answerChange(context, 'save', id, body, save, expectedVersion)) as never
  })
  routes.openapi(rollbackPolicy, async context => {
    const { id } = context.req.valid('param')
    const body = context.req.valid('json')
    const rollback = (change: PolicyChange) => book.rollback({ ...change, toVersion: body.toVersion })
    return (await answerChange(context, 'rollback', id, body, rollback, body.expectedVersion)) as never
  })
  routes.openapi(archivePolicy, async context => {
    const { id } = context.req.valid('param')
    const body = context.req.valid('json')
    return (await answerChange(context, 'archive', id, body, book.archive, body.expectedVersion)) as never
  })
  return routes
}

/** By their names; all of them where it is new. */
function changedFields(before: KeptPolicy | undefined, after: KeptPolicy): readonly string[] {
  const [old, young] = [before?.definition ?? {}, after.definition] as Record<string, unknown>[]
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(young ?? {})])
  return [...names].filter(name => JSON.stringify(old?.[name]) !== JSON.stringify(young?.[name]))
}

const notFound = {
  code: 'notFound' as const,
  message: 'There is no policy of this id',
  hint: 'look into the list: GET /api/v1/policies',
}

const statuses = {
  invalidPolicy: 400,
  versionConflict: 409,
  unknownPolicy: 404,
  unknownVersion: 404,
} as const
const hints = {
  invalidPolicy: 'mend the field; what was in force stays',
  versionConflict: 'read the policy anew and make the change again',
  unknownPolicy: notFound.hint,
  unknownVersion: 'look into its history',
} as const

function answerEditRefusal(context: Context, { message, data }: Refusal): Response {
  const { reason, field } = data as { reason: EditRefusal; field?: string }
  return adminError(context, statuses[reason], {
    code: reason,
    message,
    hint: hints[reason],
    ...(field !== undefined && field !== '' && { field }),
  })
}
