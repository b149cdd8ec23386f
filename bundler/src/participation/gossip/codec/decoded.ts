// What comes from others is well formed or it is not; both are ordinary.

export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string }

export function decoded<Value>(value: Value): Decoded<Value> {
  return { ok: true, value }
}

export function malformed(problem: string): Decoded<never> {
  return { ok: false, problem }
}
