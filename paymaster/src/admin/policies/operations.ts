// The routes of policies, as OpenAPI tells them: paths, who may, what is sent and answered.
import { createRoute, z } from '@hono/zod-openapi'
import { jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import {
  archivePolicySchema,
  dryRunResultSchema,
  dryRunSchema,
  forgiveSenderSchema,
  policyDetailSchema,
  policyHistorySchema,
  policyJsonSchemaSchema,
  policyListSchema,
  policyStates,
  policyValidationSchema,
  rollbackPolicySchema,
  savePolicySchema,
  senderBanListSchema,
  validatePolicySchema,
} from './schema.ts'

const tags = ['Policies']
const operators = requireRole('operator')
const params = z.object({ id: z.string().max(64) })
const changed = { 200: jsonAnswer(policyDetailSchema, 'The policy as it is now') }

export const listPolicies = createRoute({
  method: 'get',
  path: '/policies',
  tags,
  summary: 'List policies with what they spend, by their ids',
  request: { query: pageQuerySchema.extend({ state: z.enum(policyStates).optional() }) },
  responses: { 200: jsonAnswer(policyListSchema, 'The policies'), ...refusals(400) },
})
export const showSchema = createRoute({
  method: 'get',
  path: '/policies/schema',
  tags,
  summary: 'Show the JSON schema of a policy definition',
  responses: { 200: jsonAnswer(policyJsonSchemaSchema, 'Draft 2020-12'), ...refusals() },
})
export const listBans = createRoute({
  method: 'get',
  path: '/policies/bans',
  tags,
  summary: 'List the senders that have to wait, because their operations failed or were not paid for',
  request: { query: pageQuerySchema },
  responses: { 200: jsonAnswer(senderBanListSchema, 'The senders'), ...refusals(400) },
})
export const forgiveSender = createRoute({
  method: 'post',
  path: '/policies/bans/forgive',
  tags,
  summary: 'Forgive a sender all that it failed and lost until now',
  middleware: operators,
  request: { body: jsonBody(forgiveSenderSchema) },
  responses: {
    200: jsonAnswer(z.object({ forgiven: z.int() }), 'How many of its operations'),
    ...refusals(400, 403),
  },
})
export const validatePolicy = createRoute({
  method: 'post',
  path: '/policies/validate',
  tags,
  summary: 'Say what would stand against saving a definition',
  request: { body: jsonBody(validatePolicySchema) },
  responses: { 200: jsonAnswer(policyValidationSchema, 'Its problems'), ...refusals(400) },
})
export const dryRunPolicy = createRoute({
  method: 'post',
  path: '/policies/dry-run',
  tags,
  summary:
    'Try an operation against a policy, rule by rule; nothing is reserved, signed or asked of a webhook',
  request: { body: jsonBody(dryRunSchema) },
  responses: { 200: jsonAnswer(dryRunResultSchema, 'What it would say'), ...refusals(400, 404, 503) },
})
export const showPolicyRoute = createRoute({
  method: 'get',
  path: '/policies/{id}',
  tags,
  summary: 'Show a policy with its definition',
  request: { params },
  responses: { 200: jsonAnswer(policyDetailSchema, 'The policy'), ...refusals(404) },
})
export const showHistory = createRoute({
  method: 'get',
  path: '/policies/{id}/history',
  tags,
  summary: 'List the versions of a policy, the newest first',
  request: { params, query: pageQuerySchema },
  responses: { 200: jsonAnswer(policyHistorySchema, 'The versions'), ...refusals(400, 404) },
})
export const savePolicy = createRoute({
  method: 'put',
  path: '/policies/{id}',
  tags,
  summary: 'Save a definition as the next version; it is in force for the next request',
  middleware: operators,
  request: { params, body: jsonBody(savePolicySchema) },
  responses: { ...changed, ...refusals(400, 403, 409) },
})
export const rollbackPolicy = createRoute({
  method: 'post',
  path: '/policies/{id}/rollback',
  tags,
  summary: 'Put an earlier version in force again, as a new one; brings back what is archived',
  middleware: operators,
  request: { params, body: jsonBody(rollbackPolicySchema) },
  responses: { ...changed, ...refusals(400, 403, 404, 409) },
})
export const archivePolicy = createRoute({
  method: 'post',
  path: '/policies/{id}/archive',
  tags,
  summary: 'Archive a policy: it sponsors nothing any more, and keeps its history',
  middleware: operators,
  request: { params, body: jsonBody(archivePolicySchema) },
  responses: { ...changed, ...refusals(400, 403, 404, 409) },
})
