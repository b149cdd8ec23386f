// How the admin API says no: one shape for every refusal, with what to do about it.
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export const adminErrorSchema = z
  .object({
    error: z.object({
      /** For programs. */
      code: z.string(),
      message: z.string(),
      /** What to do. */
      hint: z.string(),
      /** The field that is wrong, where it is one: `limits.global.costWei`. */
      field: z.string().optional(),
    }),
  })
  .openapi('Error')

export type AdminErrorBody = z.infer<typeof adminErrorSchema>

export function adminError(
  context: Context,
  status: ContentfulStatusCode,
  error: AdminErrorBody['error'],
): Response {
  return context.json({ error } satisfies AdminErrorBody, status)
}
