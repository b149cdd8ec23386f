// Sees that the end of a job reaches the disk and the payer's account, however long the disk or the account refuse it: what
// is over in memory alone was never acknowledged to anybody.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { PaymentGate } from '../../payment/paymentGate.ts'
import { type Job, runId, usedMilliseconds } from './job.ts'
import type { JobJournal } from './jobJournal.ts'
import type { GatewayTables } from './tables.ts'

export type JobKeeper = {
  /** Resolves once what became of the finished job is on the disk and in the payer's account. */
  keep(job: Job): Promise<void>
  /** Waits for nothing any more: what is not kept by now, a restart finds as it was. */
  close(): void
}

const patienceMilliseconds = 1_000

export function createJobKeeper(options: {
  readonly journal: JobJournal
  readonly commits: Pick<GroupCommit<GatewayTables>, 'commitLater'>
  readonly gate: Pick<PaymentGate, 'finished'>
  readonly onFailure: (error: unknown) => void
}): JobKeeper {
  const { journal, commits, gate, onFailure } = options
  const closed = new AbortController()
  let settled: string[] | undefined

  async function tryToKeep(job: Job): Promise<void> {
    // One that was never begun owes nothing.
    const paid =
      job.isSettled || job.attempt === 0
        ? undefined
        : gate.finished(job.payer, { jobId: runId(job), usedMilliseconds: usedMilliseconds(job) })
    if (paid === undefined) job.isSettled = true
    await Promise.all([journal.written(job), paid])
    if (paid === undefined) return
    job.isSettled = true
    noteSettled(job.id)
  }

  /** Many at a time and without haste: found unsettled by a restart, it is told to the account once more. */
  function noteSettled(id: string): void {
    if (settled !== undefined) {
      settled.push(id)
      return
    }
    const ids = [id]
    settled = ids
    commits
      .commitLater(async transaction => {
        if (settled === ids) settled = undefined
        statementsOf(transaction).run(settle, [JSON.stringify(ids)])
      })
      .catch(onFailure)
  }

  return {
    async keep(job) {
      for (;;) {
        try {
          return await tryToKeep(job)
        } catch (error) {
          onFailure(error)
          await new Promise<void>(resolve => {
            const timer = setTimeout(resolve, patienceMilliseconds)
            closed.signal.addEventListener('abort', () => {
              clearTimeout(timer)
              resolve()
            })
          })
          if (closed.signal.aborted) throw error
        }
      }
    },
    close: () => closed.abort(),
  }
}

const settle =
  'update gateway_job set is_settled = 1 where id in (select value from json_each(?)) and is_settled = 0'
