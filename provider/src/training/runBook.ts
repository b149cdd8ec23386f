// Trainings on the disk: one at a time in each machine, and none that a restart forgets.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Address } from 'viem'
import type { Agreement } from '../files/storedFile.ts'
import type { TrainingTables } from './tables.ts'
import {
  fromRow,
  statementJson,
  type TrainingFacts,
  type TrainingOutput,
  type TrainingRequest,
  type TrainingRun,
  type TrainingStatement,
} from './trainingRun.ts'

export type RunEnd = {
  readonly state: 'ended' | 'failed'
  readonly problem?: string | undefined
  readonly exitCode?: number | undefined
  readonly output: string
  readonly facts?: TrainingFacts | undefined
  readonly outputs?: readonly TrainingOutput[] | undefined
  readonly endedAtSeconds: number
}

/** A reorganisation may give a lease's number to somebody else's. */
export type LeaseOfPayer = Pick<Agreement, 'agreementId' | 'payer'>

export type RunBook = {
  /** Undefined where one runs in this machine, or there are as many as may be. */
  begin(run: {
    readonly id: string
    readonly leaseId: bigint
    readonly payer: Address
    readonly request: TrainingRequest
    readonly createdAtSeconds: number
  }): Promise<TrainingRun | undefined>
  end(id: string, end: RunEnd): Promise<void>
  /** False where one was stated before: there is one of each run. */
  state(id: string, stated: TrainingStatement): Promise<boolean>
  setRecorded(id: string): Promise<void>
  find(lease: LeaseOfPayer, id: string): Promise<TrainingRun | undefined>
  ofLease(lease: LeaseOfPayer): Promise<readonly TrainingRun[]>
  running(): Promise<readonly TrainingRun[]>
  /** Such as the provider itself is to put on the chain. */
  unrecorded(): Promise<readonly TrainingRun[]>
}

const mostRunsPerLease = 100
const mostUnrecorded = 20

export function createRunBook(options: {
  readonly database: Kysely<TrainingTables>
  readonly commits: GroupCommit<TrainingTables>
}): RunBook {
  const { database, commits } = options
  const select = () => database.selectFrom('training_run').selectAll()
  const ofLease = ({ agreementId, payer }: LeaseOfPayer) =>
    select().where('lease_id', '=', agreementId.toString()).where('payer', '=', payer.toLowerCase())

  return {
    begin({ id, leaseId, payer, request, createdAtSeconds }) {
      const row = {
        id,
        lease_id: leaseId.toString(),
        payer: payer.toLowerCase(),
        request: JSON.stringify(request),
        created_at: createdAtSeconds,
      }
      return commits.commit(async transaction => {
        const states = await transaction
          .selectFrom('training_run')
          .select('state')
          .where('lease_id', '=', row.lease_id)
          .execute()
        if (states.length >= mostRunsPerLease || states.some(({ state }) => state === 'running'))
          return undefined
        await transaction
          .insertInto('training_run')
          .values({ ...row, state: 'running', output: '', is_recorded: 0 })
          .execute()
        return fromRow(
          await transaction
            .selectFrom('training_run')
            .selectAll()
            .where('id', '=', id)
            .executeTakeFirstOrThrow(),
        )
      })
    },
    async end(id, { state, problem, exitCode, output, facts, outputs, endedAtSeconds }) {
      const row = {
        ...{ state, output, problem: problem ?? null, exit_code: exitCode ?? null, ended_at: endedAtSeconds },
        facts: facts === undefined ? null : JSON.stringify(facts),
        outputs: outputs === undefined ? null : JSON.stringify(outputs),
      }
      await commits.commit(transaction =>
        transaction.updateTable('training_run').set(row).where('id', '=', id).execute(),
      )
    },
    state(id, stated) {
      const row = {
        statement: JSON.stringify(statementJson(stated.statement)),
        listing: JSON.stringify(stated.listing),
        record_id: stated.recordId,
        provider_signature: stated.providerSignature,
        recorded_by: stated.recordedBy,
      }
      return commits.commit(async transaction => {
        const update = transaction.updateTable('training_run').set(row).where('id', '=', id)
        const { numUpdatedRows } = await update.where('statement', 'is', null).executeTakeFirstOrThrow()
        return numUpdatedRows === 1n
      })
    },
    async setRecorded(id) {
      await commits.commit(transaction =>
        transaction.updateTable('training_run').set({ is_recorded: 1 }).where('id', '=', id).execute(),
      )
    },
    async find(lease, id) {
      const row = await ofLease(lease).where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },
    async ofLease(lease) {
      return (await ofLease(lease).orderBy('created_at').execute()).map(fromRow)
    },
    async running() {
      return (await select().where('state', '=', 'running').execute()).map(fromRow)
    },
    async unrecorded() {
      const rows = await select()
        .where('recorded_by', '=', 'provider')
        .where('is_recorded', '=', 0)
        .limit(mostUnrecorded)
        .execute()
      return rows.map(fromRow)
    },
  }
}
