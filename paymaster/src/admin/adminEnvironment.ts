// Who asks, as sign-in found out: what every route of the admin API may rely on.
import type { HttpBindings } from '@hono/node-server'

/** Each may do what those before it may: look, then run the house, then say who may. */
export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

export type Actor = {
  /** A user's id, or `key:` and the id of an API key. */
  readonly id: string
  /** For people, in the audit log. */
  readonly name: string
  readonly role: Role
}

export type AdminEnvironment = {
  Bindings: HttpBindings
  Variables: {
    actor: Actor
    /** Of whoever signed in by the console; undefined for an API key. */
    sessionId: string | undefined
  }
}
