// Until when this daemon is known to have lived. A job that ran when it ended goes on at its worker, but what it does while
// nobody can sign for it, end it or take its result is not counted.
import type { Clock } from '@worldland-aa/service/clock'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { CompiledQuery, type Kysely } from 'kysely'
import type { Job } from './job.ts'
import type { GatewayTables } from './tables.ts'

export type AliveMark = {
  /** Undefined where there is none yet. */
  read(): Promise<number | undefined>
  /** Resolves when it is on the disk that the daemon lives now. */
  set(): Promise<void>
}

export function createAliveMark(options: {
  readonly database: Kysely<GatewayTables>
  readonly commits: Pick<GroupCommit<GatewayTables>, 'commit'>
  readonly clock: Clock
}): AliveMark {
  const { database, commits, clock } = options
  return {
    async read() {
      const row = await database.selectFrom('gateway_alive').select('at').executeTakeFirst()
      return row?.at
    },
    async set() {
      await commits.commit(transaction => transaction.executeQuery(CompiledQuery.raw(write, [clock.now()])))
    },
  }
}

const write = `insert into gateway_alive (only, at) values (1, ?)
  on conflict (only) do update set at = excluded.at`

/** Moves the starts of jobs that ran, so that they have run as long as when the daemon was last known to live. */
export function leaveOutDowntime(
  running: readonly Job[],
  lastAliveMilliseconds: number | undefined,
  nowMilliseconds: number,
): void {
  const starts = running.flatMap(({ startedAtMilliseconds: at }) => (at === undefined ? [] : [at]))
  // That it gave a job out is a sign of life as well: the mark is not set while nothing runs.
  const aliveMilliseconds = Math.max(lastAliveMilliseconds ?? Number.NEGATIVE_INFINITY, ...starts)
  // Of either sign: the time of day may have been set back meanwhile.
  for (const job of running) {
    const ranMilliseconds = aliveMilliseconds - (job.startedAtMilliseconds ?? aliveMilliseconds)
    job.startedAtMilliseconds = nowMilliseconds - ranMilliseconds
  }
}
