// How the admin API says no: one shape for every refusal, with what to do about it.
import { z } from '@hono/zod-openapi'
import type { Context, TypedResponse } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { FieldProblem, FieldProblemCode } from '../problems/fieldProblems.ts'
import type { AdminErrorCode } from './adminErrorCodes.ts'

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
      /** What is wrong with it, for other languages: a code, and the values of its sentence. */
      problem: z.object({ code: z.string(), values: z.record(z.string(), z.string()) }).optional(),
    }),
  })
  .openapi('Error')

export type AdminErrorBody = z.infer<typeof adminErrorSchema>
/** As the service says it: by one of the codes that there are. */
export type AdminErrorText = AdminErrorBody['error'] & { readonly code: AdminErrorCode }
export type { FieldProblemCode }

/** `{ message, field, problem }` of an error about one field. */
export function aboutField(field: string, { code, values, problem }: FieldProblem) {
  return { message: `${field}: ${problem}`, field, problem: { code, values: { ...values } } }
}

/** Typed by its status, so that a route answers with no other than it says of itself. */
export function adminError<Status extends ContentfulStatusCode>(
  context: Context,
  status: Status,
  error: AdminErrorText,
): Response & TypedResponse<AdminErrorBody, Status, 'json'> {
  return context.json<AdminErrorBody, Status>({ error }, status)
}

/** An expected refusal as a value, on its way to a route. */
export type AdminRefusal<Status extends ContentfulStatusCode = ContentfulStatusCode> = {
  readonly ok: false
  readonly status: Status
  readonly error: AdminErrorText
}

export function refuseWith<Status extends ContentfulStatusCode>(
  status: Status,
  error: AdminErrorText,
): AdminRefusal<Status> {
  return { ok: false, status, error }
}
