// One's own jobs are found among however many of others', and by looking at no more than is listed.
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { CompiledQuery, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Payer } from '../../payment/paymentGate.ts'
import { createJobIndex } from './jobIndex.ts'
import { createJobList } from './jobList.ts'
import { type GatewayTables, gatewayMigrations } from './tables.ts'

let database: Kysely<GatewayTables>

beforeEach(async () => {
  database = await openDatabase<GatewayTables>({ path: ':memory:', migrations: gatewayMigrations })
})
afterEach(() => database.destroy())

const payerOf = (sessionId: bigint): Payer => ({ sessionId, rightId: 1n, lane: `${sessionId}:1` })

/** So many that are over, one a millisecond. */
async function seed(jobs: {
  session: number
  from: number
  count: number
  endpoint?: string
}): Promise<void> {
  const { session, from, count, endpoint = 'plain' } = jobs
  await sql`with recursive at(n) as (select ${sql.lit(from)} union all select n + 1 from at where n < ${sql.lit(from + count - 1)})
    insert into gateway_job (id, endpoint_id, session_id, right_id, created_at, execution_timeout, expires_at,
      input_bytes, is_awaited, state, attempt, deaths, worker, started_at, finished_at, output, stream_bytes,
      stream_parts, stream_taken, is_settled, keep_until)
    select ${`${session}-${endpoint}-`} || n, ${endpoint}, ${String(session)}, '1', n, 1000, n + 1000, 2, 0, 'COMPLETED', 1,
      0, 'worker-1', n + 10, n + 30, '{"large": "output"}', 0, 0, 0, 1, n + 1800000 from at`.execute(database)
}

it('finds the jobs of a payer behind more than 20,000 newer ones of others', async () => {
  await seed({ session: 1, from: 1, count: 3 })
  await seed({ session: 1, from: 50, count: 2, endpoint: 'other' })
  await seed({ session: 2, from: 100, count: 20_001 })
  const list = createJobList({ database, index: createJobIndex() })
  const own = await list.of(payerOf(1n), 'plain')
  expect(own.map(({ id }) => id)).toEqual(['1-plain-3', '1-plain-2', '1-plain-1'])
  expect(own[0]).toEqual({
    id: '1-plain-3',
    createdAtMilliseconds: 3,
    state: 'COMPLETED',
    deaths: 0,
    worker: 'worker-1',
    startedAtMilliseconds: 13,
    finishedAtMilliseconds: 33,
  })
  const others = await list.of(payerOf(2n), 'plain')
  expect([others.length, others[0]?.id]).toEqual([1_000, '2-plain-20100'])
})

it('reads no row for it, but an index in which the payer’s own stand together, in their order', async () => {
  const asked: CompiledQuery[] = []
  const listening = {
    executeQuery(query: CompiledQuery) {
      asked.push(query)
      return database.executeQuery(query)
    },
  } as Pick<Kysely<GatewayTables>, 'executeQuery'>
  await createJobList({ database: listening, index: createJobIndex() }).of(payerOf(1n), 'plain')
  const [query] = asked
  if (query === undefined) throw new Error('Nothing was asked')
  const plan = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters])
  const { rows } = await database.executeQuery<{ detail: string }>(plan)
  expect(rows.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^SEARCH gateway_job USING COVERING INDEX gateway_job_payer \(session_id=\?/),
  ])
})
