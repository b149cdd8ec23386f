// Which jobs' ends are to be posted where, on the disk: a restart goes on with what is not told yet.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { CompiledQuery, type Kysely } from 'kysely'
import type { GatewayTables } from '../jobs/tables.ts'

export type WebhookRows = {
  /** Of jobs that are not told, or not over, yet. */
  open(): Promise<readonly OpenWebhook[]>
  /** Of a job of whatever state; undefined where it has none. */
  urlOf(jobId: string): Promise<string | undefined>
  /** Resolves when it is on the disk that the job's end is to be told. */
  put(jobId: string, url: string): Promise<void>
  failed(jobId: string, attempts: number): Promise<void>
  /** It was told, or is given up. */
  closed(jobId: string): Promise<void>
}

export type OpenWebhook = {
  readonly jobId: string
  readonly sessionId: bigint
  readonly url: string
  readonly attempts: number
}

export function createWebhookRows(options: {
  readonly database: Kysely<GatewayTables>
  readonly commits: Pick<GroupCommit<GatewayTables>, 'commit' | 'commitLater'>
}): WebhookRows {
  const { database, commits } = options

  async function later(sql: string, values: readonly unknown[]): Promise<void> {
    await commits.commitLater(transaction => transaction.executeQuery(CompiledQuery.raw(sql, [...values])))
  }

  return {
    async open() {
      const rows = await database
        .selectFrom('gateway_webhook')
        .innerJoin('gateway_job', 'gateway_job.id', 'gateway_webhook.job_id')
        .where('is_over', '=', 0)
        .select(['job_id', 'session_id', 'url', 'attempts'])
        .execute()
      return rows.map(row => ({
        jobId: row.job_id,
        sessionId: BigInt(row.session_id),
        url: row.url,
        attempts: row.attempts,
      }))
    },
    async urlOf(jobId) {
      const query = database.selectFrom('gateway_webhook').select('url').where('job_id', '=', jobId)
      return (await query.executeTakeFirst())?.url
    },
    async put(jobId, url) {
      await commits.commit(transaction => transaction.executeQuery(CompiledQuery.raw(put, [jobId, url])))
    },
    failed: (jobId, attempts) =>
      later('update gateway_webhook set attempts = ? where job_id = ?', [attempts, jobId]),
    closed: jobId => later('update gateway_webhook set is_over = 1 where job_id = ?', [jobId]),
  }
}

const put = 'insert into gateway_webhook (job_id, url, attempts, is_over) values (?, ?, 0, 0)'
