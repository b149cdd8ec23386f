// What is looked for in the audit log, as the form has it and as the service takes it.
export type AuditFilterValues = {
  readonly actor: string
  readonly action: string
  /** Days, `2026-12-31`, or empty; both are included. */
  readonly fromDay: string
  readonly toDay: string
}

export const noFilter: AuditFilterValues = { actor: '', action: '', fromDay: '', toDay: '' }

export function searchOf({ actor, action, fromDay, toDay }: AuditFilterValues) {
  return {
    actor: actor.trim() || undefined,
    action: action.trim() || undefined,
    fromSeconds: fromDay === '' ? undefined : dayStart(fromDay),
    toSeconds: toDay === '' ? undefined : dayStart(toDay) + 86_399,
  }
}

/** A day where the reader is. */
function dayStart(day: string): number {
  return Math.floor(new Date(`${day}T00:00:00`).getTime() / 1000)
}
