// A policy as the database keeps it, read once: what it says, since when and by whom, and what the file would have it say.

import { readPolicy } from '../definition/readPolicy.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import type { PolicySource, PolicyState, StoredPolicy } from './policyStore.ts'

export type KeptPolicy = {
  readonly id: string
  readonly state: PolicyState
  /** In force, or that was last. */
  readonly version: number
  readonly newestVersion: number
  readonly definition: unknown
  /** Absent where its text means nothing to this version of the service, which then sponsors nothing by it. */
  readonly policy?: Policy
  readonly problem?: string
  readonly source: PolicySource
  readonly author: string
  readonly changedAtSeconds: number
  readonly note: string
  /** A text of the file that is not in force, since somebody else had the last word. */
  readonly waitingFileVersion: number | null
}

/** Of what has not changed, the same object. */
export function keep(stored: StoredPolicy, before: KeptPolicy | undefined): KeptPolicy {
  const { id, state, current, newestVersion } = stored
  const isSame =
    before?.version === current.version && before.state === state && before.newestVersion === newestVersion
  if (isSame) return before
  const definition: unknown = JSON.parse(current.definition)
  const read = readPolicy(definition)
  return {
    id,
    state,
    version: current.version,
    newestVersion,
    definition,
    ...(read.ok
      ? { policy: { ...read.policy, version: current.version } }
      : { problem: read.problems.map(({ field, problem }) => `${field} ${problem}`).join('; ') }),
    source: current.source,
    author: current.author,
    changedAtSeconds: current.atSeconds,
    note: current.note,
    // Whoever edits names the newest version, so what is newer than the one in force came from the file.
    waitingFileVersion: newestVersion > current.version ? newestVersion : null,
  }
}
