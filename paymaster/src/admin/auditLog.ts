// What was done, by whom, when: appended by every route that changes something, changed and deleted by none.
import type { Actor } from './adminEnvironment.ts'

export type AuditEntry = {
  readonly actor: Actor
  /** `policy.save`, `apiKey.revoke`, `brake.pause`: resource and verb. */
  readonly action: string
  /** What it was done to, by its id. */
  readonly subject?: string
  /** For people; never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export type AuditLog = {
  /** Resolves once it is on the disk; await it before the answer. */
  append(entry: AuditEntry): Promise<void>
}
