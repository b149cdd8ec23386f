// What a request to the paymaster may end in besides an answer. One shape, whoever asks: said by a message and a hint.
import type { AdminErrorBody } from '../../../src/admin/adminError.ts'

type Refusal = AdminErrorBody['error']

export class ApiError extends Error {
  readonly status: number
  readonly refusal: Refusal
  constructor(status: number, refusal: Refusal) {
    super(refusal.message)
    this.name = 'ApiError'
    this.status = status
    this.refusal = refusal
  }
}

/** Nobody answered: the service is down, or the way to it. */
export class ServerGoneError extends Error {
  constructor(cause: unknown) {
    super('The paymaster does not answer', { cause })
    this.name = 'ServerGoneError'
  }
}

/** The field that the server names as wrong, where it names one: `limits.global.costWei`. */
export function fieldOf(error: unknown): string | undefined {
  return error instanceof ApiError ? error.refusal.field : undefined
}
