// The jobs of one payer: those that are not over, and the newest of those that are.
import { CompiledQuery, type Kysely } from 'kysely'
import type { Payer } from '../../payment/paymentGate.ts'
import type { OutlinedJob } from './job.ts'
import type { JobIndex } from './jobIndex.ts'
import type { GatewayTables, JobRow } from './tables.ts'

export type JobList = {
  /** The newest first. */
  of(payer: Payer, endpointId: string): Promise<readonly OutlinedJob[]>
}

const mostListed = 1_000

type OutlinedRow = Pick<
  JobRow,
  'id' | 'created_at' | 'state' | 'deaths' | 'worker' | 'started_at' | 'finished_at'
>

export function createJobList(options: {
  readonly database: Pick<Kysely<GatewayTables>, 'executeQuery'>
  readonly index: Pick<JobIndex, 'find' | 'ofLane'>
}): JobList {
  const { database, index } = options
  return {
    async of({ sessionId, rightId, lane }, endpointId) {
      const live = [...index.ofLane(lane)].filter(job => job.endpointId === endpointId)
      const values = [String(sessionId), String(rightId), endpointId, mostListed]
      const { rows } = await database.executeQuery<OutlinedRow>(CompiledQuery.raw(finished, values))
      const over = rows.filter(({ id }) => index.find(id) === undefined).map(toOutlinedJob)
      return [...live.toReversed(), ...over].slice(0, mostListed)
    },
  }
}

/** Out of the index `gateway_job_payer` alone, in its order: no more is looked at than is listed. */
const finished = `select id, created_at, state, deaths, worker, started_at, finished_at from gateway_job
  where session_id = ? and right_id = ? and endpoint_id = ? and keep_until is not null
  order by created_at desc limit ?`

function toOutlinedJob(row: OutlinedRow): OutlinedJob {
  return {
    id: row.id,
    createdAtMilliseconds: row.created_at,
    state: row.state,
    deaths: row.deaths,
    worker: row.worker ?? undefined,
    startedAtMilliseconds: row.started_at ?? undefined,
    finishedAtMilliseconds: row.finished_at ?? undefined,
  }
}
