// Webhook endpoints and what was sent to them, on the wire of the admin API. A signing secret is in two answers only:
// that to the endpoint's making, and that to a rotation.
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

export const webhookEvents = [
  'sponsorship.requested',
  'sponsorship.finalized',
  'alert.opened',
  'alert.closed',
] as const
/** `test` is sent by hand only. */
export const sentEvents = [...webhookEvents, 'test'] as const
export const webhookFormats = ['standard', 'slack', 'discord'] as const
export const deliveryStates = ['waiting', 'delivered', 'givenUp'] as const

export const webhookSchema = z
  .object({
    id: z.string().openapi({ example: 'whe_k3v9x0q2m1ab' }),
    name: z.string(),
    url: z.string(),
    /** `standard`: Standard Webhooks, signed; `slack` and `discord`: one sentence for a chat's incoming webhook. */
    format: z.enum(webhookFormats),
    events: z.array(z.enum(webhookEvents)),
    isEnabled: z.boolean(),
    createdAtSeconds: z.int(),
    createdBy: z.string(),
    /** How often its secret was made; grows by each rotation. */
    secretGeneration: z.int(),
    /** Until when messages are signed by the secret before as well; null when they are not. */
    previousSecretUntilSeconds: z.int().nullable(),
    waitingDeliveries: z.int(),
    givenUpDeliveries: z.int(),
    lastDeliveredAtSeconds: z.int().nullable(),
    /** Why the last attempt failed; null when it did not. */
    lastProblem: z.string().nullable(),
  })
  .openapi('Webhook')

export const newWebhookSchema = z
  .object({
    name: z.string(must.notText).trim().min(1, must.empty).max(64),
    url: z.string(must.notText).min(1, must.empty).max(2_048),
    format: z.enum(webhookFormats).default('standard'),
    events: z
      .array(z.enum(webhookEvents), must.notList)
      .min(1, must.noEvents)
      .max(webhookEvents.length, must.eventTwice),
    isEnabled: z.boolean(must.notTrueOrFalse).default(true),
  })
  .openapi('NewWebhook')

export const createdWebhookSchema = z
  .object({
    webhook: webhookSchema,
    /** `whsec_…`: shown now and never again. */
    secret: z.string(),
  })
  .openapi('CreatedWebhook')

export const rotateSecretSchema = z
  .object({
    /** For how long the secret before signs as well; 0 ends it at once. */
    overlapSeconds: z.int(must.notSeconds).min(0, must.negative).max(604_800).default(86_400),
  })
  .openapi('RotateSecret')

export const webhookListSchema = z
  .object({ items: z.array(webhookSchema), nextCursor: z.string().nullable() })
  .openapi('WebhookList')

export const deliverySchema = z
  .object({
    id: z.string(),
    webhookId: z.string(),
    /** `webhook-id`: the same for all attempts and all endpoints, by which a receiver drops repeats. */
    messageId: z.string(),
    event: z.enum(sentEvents),
    state: z.enum(deliveryStates),
    attempts: z.int(),
    createdAtSeconds: z.int(),
    nextAttemptAtSeconds: z.int().nullable(),
    lastAttemptAtSeconds: z.int().nullable(),
    /** HTTP status of the last answer; null when there was none. */
    lastStatus: z.int().nullable(),
    lastProblem: z.string().nullable(),
  })
  .openapi('Delivery')

export const deliveryAttemptSchema = z
  .object({
    atSeconds: z.int(),
    durationMilliseconds: z.int(),
    status: z.int().nullable(),
    problem: z.string().nullable(),
    /** The beginning of what the endpoint answered. */
    answer: z.string().nullable(),
  })
  .openapi('DeliveryAttempt')

export const deliveryDetailSchema = deliverySchema
  .extend({
    url: z.string(),
    /** As it is sent. */
    body: z.string(),
    /** The last ones. */
    attemptLog: z.array(deliveryAttemptSchema),
  })
  .openapi('DeliveryDetail')

export const deliveryListSchema = z
  .object({ items: z.array(deliverySchema), nextCursor: z.string().nullable() })
  .openapi('DeliveryList')

export type Webhook = z.infer<typeof webhookSchema>
export type WebhookEvent = (typeof webhookEvents)[number]
export type SentEvent = (typeof sentEvents)[number]
export type WebhookFormat = (typeof webhookFormats)[number]
export type NewWebhook = z.infer<typeof newWebhookSchema>
export type CreatedWebhook = z.infer<typeof createdWebhookSchema>
export type RotateSecret = z.infer<typeof rotateSecretSchema>
export type WebhookList = z.infer<typeof webhookListSchema>
export type Delivery = z.infer<typeof deliverySchema>
export type DeliveryState = (typeof deliveryStates)[number]
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>
export type DeliveryList = z.infer<typeof deliveryListSchema>
