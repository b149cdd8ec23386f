// Brings jobs onto the disk as they stand in memory: whatever became of a job by the time of a flush is one write of its
// row. Nothing is acknowledged before `written` resolves.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { SqlValue } from '@worldland-aa/service/database/reader'
import { statementsOf } from '@worldland-aa/service/database/statements'
import { isFinished, type Job, mayRunAgain } from './job.ts'
import { changingColumns, changingValues, fixedColumns, fixedValues } from './jobRow.ts'
import type { GatewayTables } from './tables.ts'

export type JobPart = {
  readonly jobId: string
  readonly attempt: number
  readonly position: number
  readonly output: string
}

export type JobJournal = {
  /** Resolves when the job is on the disk as it stands now, or as it became meanwhile. */
  written(job: Job, part?: JobPart): Promise<void>
  /** The same without haste, for what nobody waits for. */
  writtenLater(job: Job): void
  /** The same for a job that nobody knows of, once it has stood for a moment: most are over by then, and written once. */
  writtenIfItLasts(job: Job): Promise<void>
  /** Nothing of it is on the disk, or on its way there: all that becomes of it meanwhile will be written at once. */
  isHeldBack(job: Job): boolean
  /** Holds nothing back any more. */
  close(): void
}

type Batch = { readonly jobs: Set<Job>; readonly parts: JobPart[]; readonly promise: Promise<void> }
type Haste = 'commit' | 'commitLater'
type RowWrite = { readonly sql: string; readonly values: readonly SqlValue[] }
type HeldBack = { readonly jobs: Set<Job>; readonly promise: Promise<void>; readonly release: () => void }

/** A job that is known to nobody, and lost with the daemon, is lost to nobody. */
const heldBackMilliseconds = 50

export function createJobJournal(options: {
  readonly commits: Pick<GroupCommit<GatewayTables>, Haste>
  /** Hears of a write that nobody waited for and that failed. */
  readonly onFailure: (error: unknown) => void
}): JobJournal {
  const { commits } = options
  /** Jobs that have a row. */
  const known = new WeakSet<Job>()
  const gathering: Partial<Record<Haste, Batch>> = {}
  let heldBack: HeldBack | undefined

  function gather(haste: Haste): Batch {
    const gathered = gathering[haste]
    if (gathered !== undefined) return gathered
    const jobs = new Set<Job>()
    const parts: JobPart[] = []
    let rows: readonly RowWrite[] | undefined
    const promise = commits[haste](async transaction => {
      // As they stand when it is their turn: what changes after that is another batch.
      if (rows === undefined) {
        delete gathering[haste]
        rows = [...[...jobs].map(job => rowOf(job, known.has(job))), ...parts.map(rowOfPart)]
      }
      const statements = statementsOf(transaction)
      for (const { sql, values } of rows) statements.run(sql, values)
    }).then(() => {
      for (const job of jobs) known.add(job)
    })
    const batch = { jobs, parts, promise }
    gathering[haste] = batch
    return batch
  }

  function holdBack(): HeldBack {
    const jobs = new Set<Job>()
    let release = (): void => undefined
    const promise = new Promise<void>(resolve => {
      release = resolve
      setTimeout(resolve, heldBackMilliseconds).unref()
    }).then(async () => {
      if (heldBack?.jobs === jobs) heldBack = undefined
      if (jobs.size === 0) return
      const batch = gather('commit')
      for (const job of jobs) batch.jobs.add(job)
      await batch.promise
    })
    return { jobs, promise, release }
  }

  return {
    written(job, part) {
      heldBack?.jobs.delete(job)
      const batch = gather('commit')
      batch.jobs.add(job)
      if (part !== undefined) batch.parts.push(part)
      return batch.promise
    },
    writtenIfItLasts(job) {
      heldBack ??= holdBack()
      heldBack.jobs.add(job)
      return heldBack.promise
    },
    isHeldBack: job => heldBack?.jobs.has(job) ?? false,
    close: () => heldBack?.release(),
    writtenLater(job) {
      const isFirst = gathering.commitLater === undefined
      const batch = gather('commitLater')
      batch.jobs.add(job)
      if (isFirst) batch.promise.catch(options.onFailure)
    },
  }
}

// Written out rather than built: these are most of what a request costs the database.
const marks = (count: number): string => new Array<string>(count).fill('?').join(', ')
const assignments = changingColumns.map(column => `${column} = ?`).join(', ')
const insert = `insert into gateway_job (${fixedColumns}, input, ${changingColumns.join(', ')})
  values (${marks(8)}, ?, ${marks(changingColumns.length)})
  on conflict (id) do update set ${changingColumns.map(column => `${column} = excluded.${column}`).join(', ')}`
const update = `update gateway_job set ${assignments} where id = ?`
const updateSpent = `update gateway_job set ${assignments}, input = null where id = ?`
const insertPart =
  'insert or ignore into gateway_job_part (job_id, attempt, position, output) values (?, ?, ?, ?)'

/** Nobody asks for its input any more. */
const isSpent = (job: Job): boolean => isFinished(job) && !mayRunAgain(job)

function rowOf(job: Job, isKnown: boolean): RowWrite {
  if (!isKnown) {
    const input = isSpent(job) ? null : (job.input ?? null)
    return { sql: insert, values: [...fixedValues(job), input, ...changingValues(job)] }
  }
  return { sql: isSpent(job) ? updateSpent : update, values: [...changingValues(job), job.id] }
}

function rowOfPart({ jobId, attempt, position, output }: JobPart): RowWrite {
  return { sql: insertPart, values: [jobId, attempt, position, output] }
}
