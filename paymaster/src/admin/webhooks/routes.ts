// Webhook endpoints in the admin API: where messages go, the secret that they are signed with, and a message to try it.
import { createRoute, z } from '@hono/zod-openapi'
import { readOutgoingUrl } from '@worldland-aa/service/outgoing/publicAddress'
import { fieldProblem } from '../../problems/fieldProblems.ts'
import { withoutPath } from '../../webhooks/deliveryPages.ts'
import type { Webhooks } from '../../webhooks/webhooks.ts'
import { aboutField, adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { requireRole } from '../requireRole.ts'
import {
  createdWebhookSchema,
  deliverySchema,
  type NewWebhook,
  newWebhookSchema,
  rotateSecretSchema,
  webhookListSchema,
  webhookSchema,
} from './schema.ts'

export type WebhookRoutesOptions = {
  readonly webhooks: Webhooks
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}

const tags = ['Webhooks']
const byOperator = { tags, middleware: requireRole('operator') }
const idParam = { params: z.object({ id: z.string().max(64) }) }

const list = createRoute({
  tags,
  method: 'get',
  path: '/webhooks',
  summary: 'List the endpoints that are told',
  responses: { 200: jsonAnswer(webhookListSchema, 'The endpoints'), ...refusals() },
})
const show = createRoute({
  tags,
  method: 'get',
  path: '/webhooks/{id}',
  summary: 'Show an endpoint',
  request: idParam,
  responses: { 200: jsonAnswer(webhookSchema, 'The endpoint'), ...refusals(404) },
})
const create = createRoute({
  ...byOperator,
  method: 'post',
  path: '/webhooks',
  summary: 'Make an endpoint; its secret is shown in this answer only',
  request: { body: jsonBody(newWebhookSchema) },
  responses: { 201: jsonAnswer(createdWebhookSchema, 'Endpoint and secret'), ...refusals(400, 403, 409) },
})
const change = createRoute({
  ...byOperator,
  method: 'put',
  path: '/webhooks/{id}',
  summary: 'Change where an endpoint is and what it is told',
  request: { ...idParam, body: jsonBody(newWebhookSchema) },
  responses: { 200: jsonAnswer(webhookSchema, 'The endpoint as it is now'), ...refusals(400, 403, 404) },
})
const remove = createRoute({
  ...byOperator,
  method: 'delete',
  path: '/webhooks/{id}',
  summary: 'Remove an endpoint, with all that waits for it',
  request: idParam,
  responses: { 204: { description: 'Done' }, ...refusals(403, 404) },
})
const rotate = createRoute({
  ...byOperator,
  method: 'post',
  path: '/webhooks/{id}/rotate-secret',
  summary: 'Give an endpoint a new secret, shown in this answer only; for a while both sign',
  request: { ...idParam, body: jsonBody(rotateSecretSchema) },
  responses: { 200: jsonAnswer(createdWebhookSchema, 'Endpoint and secret'), ...refusals(400, 403, 404) },
})
const test = createRoute({
  ...byOperator,
  method: 'post',
  path: '/webhooks/{id}/test',
  summary: 'Send a message of the type test',
  request: idParam,
  responses: { 200: jsonAnswer(deliverySchema, 'The delivery, on its way'), ...refusals(403, 404, 409) },
})

const notFound = {
  code: 'notFound' as const,
  message: 'There is no webhook of this id',
  hint: 'look into the list: GET /api/v1/webhooks',
}

/** The path of a chat's webhook is all that it takes to write there. */
function forAudit({ url, ...wanted }: NewWebhook) {
  return { ...wanted, url: withoutPath(url) }
}

export function createWebhooksRoutes({ webhooks, audit, live, now }: WebhookRoutesOptions) {
  const { endpoints, pages, secrets, outbox, rules, database } = webhooks
  const routes = createAdminRoutes()

  /** Only what can be said without asking anybody: the name is looked up at each delivery. */
  function urlProblem(url: string) {
    const read = readOutgoingUrl(url, rules)
    if (read.ok) return undefined
    return {
      ...aboutField('url', fieldProblem('notPublicUrl', { why: read.refusal.message })),
      code: 'malformed' as const,
      hint: 'give an https:// URL on a public address; networks of your own want --webhook-private-networks',
    }
  }

  routes.openapi(list, async context => {
    const items = await Promise.all(
      endpoints.all().map(endpoint => pages.describe(endpoint, now(), context.var.actor.role)),
    )
    return context.json({ items, nextCursor: null }, 200)
  })

  routes.openapi(show, async context => {
    const endpoint = endpoints.find(context.req.valid('param').id)
    if (endpoint === undefined) return adminError(context, 404, notFound)
    return context.json(await pages.describe(endpoint, now(), context.var.actor.role), 200)
  })

  routes.openapi(create, async context => {
    const wanted = context.req.valid('json')
    const { actor } = context.var
    const problem = urlProblem(wanted.url)
    if (problem !== undefined) return adminError(context, 400, problem)
    const endpoint = await endpoints.create(wanted, actor.name)
    if (endpoint === undefined) {
      return adminError(context, 409, {
        code: 'tooMany',
        message: 'There are as many webhooks as there may be',
        hint: 'remove one that nobody needs',
      })
    }
    const { id, secretGeneration } = endpoint
    await audit.append({ actor, action: 'webhook.create', subject: id, detail: forAudit(wanted) })
    live.tell({ kind: 'webhook', id })
    const secret = secrets.secretOf(id, secretGeneration)
    return context.json(
      { webhook: await pages.describe(endpoint, now(), context.var.actor.role), secret },
      201,
    )
  })

  routes.openapi(change, async context => {
    const { id } = context.req.valid('param')
    const wanted = context.req.valid('json')
    const problem = urlProblem(wanted.url)
    if (problem !== undefined) return adminError(context, 400, problem)
    const endpoint = await endpoints.change(id, wanted)
    if (endpoint === undefined) return adminError(context, 404, notFound)
    await audit.append({
      actor: context.var.actor,
      action: 'webhook.change',
      subject: id,
      detail: forAudit(wanted),
    })
    live.tell({ kind: 'webhook', id })
    return context.json(await pages.describe(endpoint, now(), context.var.actor.role), 200)
  })

  routes.openapi(remove, async context => {
    const { id } = context.req.valid('param')
    const { name, url } = endpoints.find(id) ?? {}
    if (!(await endpoints.remove(id))) return adminError(context, 404, notFound)
    await audit.append({
      actor: context.var.actor,
      action: 'webhook.remove',
      subject: id,
      detail: { name, url: url && withoutPath(url) },
    })
    live.tell({ kind: 'webhook', id })
    return context.body(null, 204)
  })

  routes.openapi(rotate, async context => {
    const { id } = context.req.valid('param')
    const { overlapSeconds } = context.req.valid('json')
    const endpoint = await endpoints.rotate(id, overlapSeconds)
    if (endpoint === undefined) return adminError(context, 404, notFound)
    const { secretGeneration } = endpoint
    await audit.append({
      actor: context.var.actor,
      action: 'webhook.rotateSecret',
      subject: id,
      detail: { secretGeneration, overlapSeconds },
    })
    live.tell({ kind: 'webhook', id })
    const secret = secrets.secretOf(id, secretGeneration)
    return context.json(
      { webhook: await pages.describe(endpoint, now(), context.var.actor.role), secret },
      200,
    )
  })

  routes.openapi(test, async context => {
    const { id } = context.req.valid('param')
    const endpoint = endpoints.find(id)
    if (endpoint === undefined) return adminError(context, 404, notFound)
    if (!endpoint.isEnabled) {
      return adminError(context, 409, {
        code: 'switchedOff',
        message: 'The webhook is switched off, so nothing is sent to it',
        hint: 'switch it on first',
      })
    }
    const { actor } = context.var
    const data = {
      title: 'A test of the webhook',
      text: `${actor.name} sent this from the paymaster’s console to see whether it arrives. Nothing has happened.`,
    }
    const deliveryId = await database
      .transaction()
      .execute(transaction => outbox.putFor(transaction, id, 'test', data))
    await audit.append({ actor, action: 'webhook.test', subject: id })
    const [delivery] = await pages.page({ endpointId: id, before: deliveryId + 1, limit: 1 })
    if (delivery === undefined) return adminError(context, 404, notFound)
    live.tell({ kind: 'delivery', id: delivery.id })
    return context.json(delivery, 200)
  })

  return routes
}
