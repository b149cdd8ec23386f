// A job as a row of the data file, and back.
import type { SqlValue } from '@worldland-aa/service/database/reader'
import type { Job } from './job.ts'
import type { JobRow } from './tables.ts'

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    payer: {
      sessionId: BigInt(row.session_id),
      rightId: BigInt(row.right_id),
      lane: `${row.session_id}:${row.right_id}`,
    },
    createdAtMilliseconds: row.created_at,
    executionTimeoutMilliseconds: row.execution_timeout,
    expiresAtMilliseconds: row.expires_at,
    inputBytes: row.input_bytes,
    input: row.input ?? undefined,
    isAwaited: row.is_awaited === 1,
    state: row.state,
    attempt: row.attempt,
    deaths: row.deaths,
    reruns: row.reruns,
    worker: row.worker ?? undefined,
    startedAtMilliseconds: row.started_at ?? undefined,
    finishedAtMilliseconds: row.finished_at ?? undefined,
    output: row.output ?? undefined,
    error: row.error ?? undefined,
    streamBytes: row.stream_bytes,
    streamParts: row.stream_parts,
    streamTaken: row.stream_taken,
    isSettled: row.is_settled === 1,
    keepUntilMilliseconds: row.keep_until ?? undefined,
  }
}

/** What never changes, with its input. */
export function fixedValues(job: Job): readonly SqlValue[] {
  return [
    job.id,
    job.endpointId,
    String(job.payer.sessionId),
    String(job.payer.rightId),
    job.createdAtMilliseconds,
    job.executionTimeoutMilliseconds,
    job.expiresAtMilliseconds,
    job.inputBytes,
  ]
}

export const fixedColumns =
  'id, endpoint_id, session_id, right_id, created_at, execution_timeout, expires_at, input_bytes'

export function changingValues(job: Job): readonly SqlValue[] {
  return [
    job.isAwaited ? 1 : 0,
    job.state,
    job.attempt,
    job.deaths,
    job.worker ?? null,
    job.startedAtMilliseconds ?? null,
    job.finishedAtMilliseconds ?? null,
    job.output ?? null,
    job.error ?? null,
    job.streamBytes,
    job.streamParts,
    job.streamTaken,
    job.isSettled ? 1 : 0,
    job.keepUntilMilliseconds ?? null,
  ]
}

export const changingColumns = [
  'is_awaited',
  'state',
  'attempt',
  'deaths',
  'worker',
  'started_at',
  'finished_at',
  'output',
  'error',
  'stream_bytes',
  'stream_parts',
  'stream_taken',
  'is_settled',
  'keep_until',
] as const
