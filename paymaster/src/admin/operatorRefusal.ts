// What the house refuses its operator, as a value: what is wrong, how to mend it, and the status it goes out with.
import { type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import type { Context, TypedResponse } from 'hono'
import type { FieldProblem } from '../problems/fieldProblems.ts'
import { type AdminErrorBody, adminError } from './adminError.ts'
import type { AdminErrorCode } from './adminErrorCodes.ts'

export type OperatorRefusal = {
  readonly status: 400 | 403 | 404 | 409 | 503
  /** For programs. */
  readonly code: AdminErrorCode
  readonly message: string
  readonly hint: string
  readonly field?: string
  /** What is wrong with the field. */
  readonly problem?: Pick<FieldProblem, 'code' | 'values'>
}

export function refuseOperator({ status, message, ...data }: OperatorRefusal): Result<never> {
  return refuse({ code: status, message, data })
}

/** Fits a route whatever statuses it names: which one it is stands in the refusal. */
type Refused = Response & TypedResponse<AdminErrorBody, never, 'json'>

/** Of a refusal by `refuseOperator`. */
export function answerRefusal(context: Context, { code: status, message, data }: Refusal): Refused {
  const { code, hint, field, problem } = data as Omit<OperatorRefusal, 'status' | 'message'>
  return adminError(context, status as OperatorRefusal['status'], {
    code,
    message,
    hint,
    ...(field !== undefined && { field }),
    ...(problem !== undefined && { problem: { code: problem.code, values: { ...problem.values } } }),
  }) as Refused
}
