// What was done, by whom, when; newest first.
//   GET /api/v1/audit?actor=&action=&fromSeconds=&toSeconds=&limit=&cursor=   → AuditPage
//   GET /api/v1/audit.csv?actor=&action=&fromSeconds=&toSeconds=              → CSV of all that match
//   GET /api/v1/audit/check                                                   → AuditCheck
import { z } from '@hono/zod-openapi'
import { pageQuerySchema, pageSchema } from '../page.ts'

export const auditFilterSchema = z.object({
  /** A user's id, or part of a name. */
  actor: z.string().min(1).max(128).optional(),
  /** `policy.save`, or `policy.` for all of its kind. */
  action: z.string().min(1).max(64).optional(),
  fromSeconds: z.coerce.number().int().min(0).optional(),
  toSeconds: z.coerce.number().int().min(0).optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>
export const auditQuerySchema = pageQuerySchema.extend(auditFilterSchema.shape)

export const auditItemSchema = z
  .object({
    id: z.number().int(),
    atSeconds: z.number().int(),
    actorId: z.string(),
    actorName: z.string(),
    actorRole: z.enum(['viewer', 'operator', 'admin']),
    action: z.string(),
    subject: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    /** SHA-256 over this entry and the hash of the one before. */
    hash: z.string(),
  })
  .openapi('AuditItem')
export type AuditItem = z.infer<typeof auditItemSchema>
export const auditPageSchema = pageSchema(auditItemSchema).openapi('AuditPage')

export const auditCheckSchema = z
  .object({
    isWhole: z.boolean(),
    entries: z.number().int(),
    /** Of the newest entry; the service's log tells it too at every entry. */
    lastHash: z.string().nullable(),
    /** The first entry that was changed, or before which one is missing. */
    brokenAtId: z.number().int().nullable(),
  })
  .openapi('AuditCheck')
export type AuditCheck = z.infer<typeof auditCheckSchema>
