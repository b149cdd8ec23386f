// An expected refusal is a value; exceptions are left to bugs and outages.
// `code` and `data` travel to the JSON-RPC answer as they are.

/** A refusal that a caller can act on. `code` is a JSON-RPC error code. */
export type Refusal = {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

export function accept<Value>(value: Value): Result<Value> {
  return { ok: true, value }
}

export function refuse(refusal: Refusal): Result<never> {
  return { ok: false, refusal }
}
