// Pause and resume, block and unblock: what the control socket does, by the same commands.
import { createRoute } from '@hono/zod-openapi'
import type { ControlHandler } from '@worldland-aa/service/control/controlSocket'
import type { Context } from 'hono'
import type { Brake } from '../../operator/brake.ts'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { requireRole } from '../requireRole.ts'
import { type BrakeState, blockRequestSchema, brakeAnswerSchema, brakeSchema } from './schema.ts'

const tags = ['Brake']
const byOperator = { tags, middleware: requireRole('operator') }
const answer = jsonAnswer(brakeAnswerSchema, 'What holds from now on')

const show = createRoute({
  tags,
  method: 'get',
  path: '/brake',
  summary: 'Whether anything is signed, and for whom not',
  responses: { 200: jsonAnswer(brakeSchema, 'The brake'), ...refusals() },
})
const pause = createRoute({
  ...byOperator,
  method: 'post',
  path: '/brake/pause',
  summary: 'Sign nothing more from now on',
  responses: { 200: answer, ...refusals(400, 403) },
})
const resume = createRoute({
  ...byOperator,
  method: 'post',
  path: '/brake/resume',
  summary: 'Sign again',
  responses: { 200: answer, ...refusals(400, 403) },
})
const block = createRoute({
  ...byOperator,
  method: 'post',
  path: '/brake/block',
  summary: 'Sign nothing more for an account, a factory or a caller',
  request: { body: jsonBody(blockRequestSchema) },
  responses: { 200: answer, ...refusals(400, 403) },
})
const unblock = createRoute({
  ...byOperator,
  method: 'post',
  path: '/brake/unblock',
  summary: 'Sign again for who was blocked',
  request: { body: jsonBody(blockRequestSchema) },
  responses: { 200: answer, ...refusals(400, 403) },
})

export function createBrakeRoutes(options: {
  readonly brake: Brake
  /** The operator's commands, as the control socket has them. */
  readonly command: ControlHandler
  readonly audit: AuditLog
  readonly live: LiveUpdates
}) {
  const { brake, command, audit, live } = options
  const state = (): BrakeState => ({
    pausedAtSeconds: brake.pausedSince() ?? null,
    blocked: [...brake.blocked()],
  })

  async function carryOut(context: Context<AdminEnvironment>, name: string, who?: string) {
    const { ok, message } = await command({ command: name, argument: who })
    if (!ok) {
      return adminError(context, 400, {
        code: 'notDone',
        message,
        hint: 'mend it and try again',
        ...(who !== undefined && { field: 'who' }),
      })
    }
    const { actor } = context.var
    await audit.append({ actor, action: `brake.${name}`, ...(who !== undefined && { subject: who }) })
    live.tell({ kind: 'brake' })
    return context.json({ message, brake: state() }, 200)
  }

  return createAdminRoutes()
    .openapi(show, context => context.json(state(), 200))
    .openapi(pause, context => carryOut(context, 'pause'))
    .openapi(resume, context => carryOut(context, 'resume'))
    .openapi(block, context => carryOut(context, 'block', context.req.valid('json').who))
    .openapi(unblock, context => carryOut(context, 'unblock', context.req.valid('json').who))
}
