// A failed job becomes one that waits, in one step on the disk: of two clients that ask for it at once, one has it run.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { CompiledQuery } from 'kysely'
import type { Job } from './job.ts'
import type { JobArchive } from './jobArchive.ts'
import type { GatewayTables } from './tables.ts'

/** Resolves, once it is on the disk, with the job as it waits; undefined where it had not failed. */
export type JobRerun = (id: string, nowMilliseconds: number) => Promise<Job | undefined>

export function createJobRerun(options: {
  readonly commits: Pick<GroupCommit<GatewayTables>, 'commit'>
  readonly archive: Pick<JobArchive, 'find'>
}): JobRerun {
  const { commits, archive } = options
  return async (id, nowMilliseconds) => {
    const isWaiting = await commits.commit(async transaction => {
      const values = [nowMilliseconds, nowMilliseconds, id]
      const { numAffectedRows } = await transaction.executeQuery(CompiledQuery.raw(putBack, values))
      if (numAffectedRows !== 1n) return false
      await transaction.executeQuery(CompiledQuery.raw(tellAnew, [id]))
      return true
    })
    return isWaiting ? await archive.find(id) : undefined
  }
}

// Its lifetime begins anew, and so does what it owes: the last run has to be in the payer's account before. The attempts
// count on, for the parts of its stream are told apart by them.
const putBack = `update gateway_job set state = 'IN_QUEUE', reruns = reruns + 1, deaths = 0, is_awaited = 0,
  expires_at = ? + (expires_at - created_at), created_at = ?, worker = null, started_at = null, finished_at = null,
  output = null, error = null, stream_bytes = 0, stream_parts = 0, stream_taken = 0, is_settled = 0, keep_until = null
  where id = ? and state in ('FAILED', 'TIMED_OUT') and is_settled = 1 and keep_until is not null and input is not null`

const tellAnew = 'update gateway_webhook set attempts = 0, is_over = 0 where job_id = ?'
