// Equal refusals of one sender within a minute are one row with a number: who asks again and again fills nothing.
import type { DecisionRow } from './decisionRow.ts'

export type Repeats = {
  /** The same for what is counted together. */
  keyOf(row: DecisionRow, atSeconds: number): string
  /** The row that it is counted in, if there is one. */
  idOf(key: string): number | undefined
  note(key: string, id: number): void
}

const mostRemembered = 5_000
const windowSeconds = 60

export function createRepeats(): Repeats {
  /** The oldest first. */
  const ids = new Map<string, number>()
  return {
    keyOf({ facet, sender, caller }, atSeconds) {
      const minute = Math.floor(atSeconds / windowSeconds)
      // Of what was refused before it was read, only the caller is known.
      return JSON.stringify([minute, facet, sender?.toString('hex') ?? caller])
    },
    idOf: key => ids.get(key),
    note(key, id) {
      ids.set(key, id)
      const [oldest] = ids.keys()
      if (ids.size > mostRemembered && oldest !== undefined) ids.delete(oldest)
    },
  }
}
