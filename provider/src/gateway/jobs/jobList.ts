// The jobs of one payer: those that are not over, and the newest of those that are.
import { CompiledQuery, type Kysely } from 'kysely'
import type { Payer } from '../../payment/paymentGate.ts'
import type { Job } from './job.ts'
import { withoutResult } from './jobArchive.ts'
import type { JobIndex } from './jobIndex.ts'
import { toJob } from './jobRow.ts'
import type { GatewayTables, JobRow } from './tables.ts'

export type JobList = {
  /** Without their outputs and errors; the newest first. */
  of(payer: Payer, endpointId: string): Promise<readonly Job[]>
}

const mostListed = 1_000
/** Results of all payers, the newest, in which a payer's are looked for: no index is kept for who seldom asks. */
const mostLookedAt = 20_000

export function createJobList(options: {
  readonly database: Kysely<GatewayTables>
  readonly index: Pick<JobIndex, 'find' | 'ofLane'>
}): JobList {
  const { database, index } = options
  return {
    async of({ sessionId, rightId, lane }, endpointId) {
      const live = [...index.ofLane(lane)].filter(job => job.endpointId === endpointId)
      const { rows } = await database.executeQuery<JobRow>(
        CompiledQuery.raw(finished, [
          mostLookedAt,
          endpointId,
          String(sessionId),
          String(rightId),
          mostListed,
        ]),
      )
      const over = rows.filter(({ id }) => index.find(id) === undefined).map(toJob)
      return [...live.toReversed(), ...over].slice(0, mostListed)
    },
  }
}

const finished = `select ${withoutResult} from gateway_job where id in (
    select id from gateway_job where keep_until is not null order by keep_until desc limit ?)
  and endpoint_id = ? and session_id = ? and right_id = ? order by created_at desc limit ?`
