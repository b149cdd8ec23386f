// What the data file knows of jobs: those that a restart goes on with, results that are still kept, inputs and parts that
// are too much for memory.
import { CompiledQuery, type Kysely } from 'kysely'
import type { Job } from './job.ts'
import { toJob } from './jobRow.ts'
import type { GatewayTables, JobRow } from './tables.ts'

export type JobArchive = {
  /** Not finished, or finished and not in the payer's account yet; the oldest first. */
  open(): Promise<readonly Job[]>
  find(id: string): Promise<Job | undefined>
  /** The same without its output and its error, of which it says how many bytes they are. */
  outline(id: string): Promise<{ readonly job: Job; readonly resultBytes: number } | undefined>
  input(id: string): Promise<string | undefined>
  /** How many parts of its stream there are, within so many bytes, but one at least. */
  partsAhead(
    asked: Attempt & { readonly from: number; readonly mostBytes: number },
  ): Promise<{ readonly count: number; readonly bytes: number }>
  /** As JSON, in their order. */
  parts(asked: Attempt & { readonly from: number; readonly most: number }): Promise<readonly string[]>
  /** The client of a finished job has been given so many parts of its stream. */
  taken(id: string, parts: number): Promise<void>
  /** How many are kept, by endpoint and state. */
  counts(): Promise<
    readonly { readonly endpointId: string; readonly state: Job['state']; readonly count: number }[]
  >
  /** Forgets results whose time is over, and the oldest where the data file grows too large; how many went. */
  prune(nowMilliseconds: number): Promise<number>
}

type Attempt = { readonly id: string; readonly attempt: number }

/** So that pruning holds nobody up. */
const prunedAtOnce = 500
const mostRounds = 20
/** Of the data file: beyond it, results are not kept as long as they might be. */
const mostBytes = 8 * 1024 ** 3
const bytesInUse = `select (page_count - freelist_count) * page_size as bytes
  from pragma_page_count, pragma_freelist_count, pragma_page_size`

export function createJobArchive(database: Kysely<GatewayTables>): JobArchive {
  async function rows<Row>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await database.executeQuery<Row>(CompiledQuery.raw(sql, [...values]))).rows
  }

  async function pruneUntil(milliseconds: number): Promise<number> {
    const due = await rows<{ id: string }>(
      'select id from gateway_job where keep_until <= ? and is_settled = 1 order by keep_until limit ?',
      [milliseconds, prunedAtOnce],
    )
    if (due.length === 0) return 0
    const ids = JSON.stringify(due.map(({ id }) => id))
    await database.transaction().execute(async transaction => {
      for (const [table, column] of [
        ['gateway_webhook', 'job_id'],
        ['gateway_job_part', 'job_id'],
        ['gateway_job', 'id'],
      ] as const) {
        await transaction.executeQuery(
          CompiledQuery.raw(`delete from ${table} where ${column} ${stillDue}`, [ids]),
        )
      }
    })
    return due.length
  }

  return {
    async open() {
      const found = await rows<JobRow>(
        `select ${withoutInput} from gateway_job where keep_until is null or is_settled = 0 order by created_at`,
      )
      return found.map(toJob)
    },
    async find(id) {
      const [row] = await rows<JobRow>(`select ${withoutInput} from gateway_job where id = ?`, [id])
      return row && toJob(row)
    },
    async outline(id) {
      const [row] = await rows<JobRow & { result_bytes: number }>(
        `select ${withoutResult}, coalesce(octet_length(output), 0) + coalesce(octet_length(error), 0) as result_bytes
         from gateway_job where id = ?`,
        [id],
      )
      return row && { job: toJob(row), resultBytes: row.result_bytes }
    },
    async input(id) {
      const [row] = await rows<{ input: string | null }>('select input from gateway_job where id = ?', [id])
      return row?.input ?? undefined
    },
    async partsAhead({ id, attempt, from, mostBytes }) {
      const [ahead] = await rows<{ count: number; bytes: number }>(partsWithin, [
        ...[id, attempt, from, mostBytes],
      ])
      return ahead ?? { count: 0, bytes: 0 }
    },
    async parts({ id, attempt, from, most }) {
      const found = await rows<{ output: string }>(
        `select output from gateway_job_part where job_id = ? and attempt = ? and position >= ?
         order by position limit ?`,
        [id, attempt, from, most],
      )
      return found.map(({ output }) => output)
    },
    async taken(id, parts) {
      await rows('update gateway_job set stream_taken = max(stream_taken, ?) where id = ?', [parts, id])
    },
    counts: () =>
      rows(
        'select endpoint_id as endpointId, state, count(*) as count from gateway_job group by endpoint_id, state',
      ),
    async prune(nowMilliseconds) {
      let gone = 0
      for (let round = 0; round < mostRounds; round++) {
        const [used] = await rows<{ bytes: number }>(bytesInUse)
        const until = (used?.bytes ?? 0) > mostBytes ? Number.MAX_SAFE_INTEGER : nowMilliseconds
        const pruned = await pruneUntil(until)
        gone += pruned
        if (pruned < prunedAtOnce) break
      }
      return gone
    },
  }
}

const withoutTexts = `id, endpoint_id, session_id, right_id, created_at, execution_timeout, expires_at,
  input_bytes, null as input, is_awaited, state, attempt, deaths, reruns, worker, started_at, finished_at, stream_bytes,
  stream_parts, stream_taken, is_settled, keep_until`
const withoutInput = `${withoutTexts}, output, error`
const withoutResult = `${withoutTexts}, null as output, null as error`

/** Its client may have had it run again since. */
const stillDue = `in (select id from gateway_job
  where id in (select value from json_each(?)) and keep_until is not null)`

/** Each with the bytes of those before it, so that the first is always among them. */
const partsWithin = `select count(*) as count, coalesce(sum(bytes), 0) as bytes from (
    select octet_length(output) as bytes,
      sum(octet_length(output)) over (order by position) - octet_length(output) as before
    from gateway_job_part where job_id = ? and attempt = ? and position >= ?)
  where before < ?`
