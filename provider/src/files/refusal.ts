// What a caller is told instead of a file, and how to mend it.
import type { Outcome } from '../outcome.ts'

export type FileRefusal = {
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 416 | 422 | 429 | 503
  readonly message: string
}

export function refuse(status: FileRefusal['status'], message: string): Outcome<never, FileRefusal> {
  return { ok: false, refusal: { status, message } }
}
