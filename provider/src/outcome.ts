// An expected refusal is a value; exceptions are left to bugs and outages.

export type Outcome<Value, Refused> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refused }
