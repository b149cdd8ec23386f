// The mempool's rows: what must be written so that no acknowledged operation is forgotten.
import type { Transaction } from '@worldland-aa/service/database/openDatabase'
import type { Refusal } from '@worldland-aa/service/result'
import { CompiledQuery } from 'kysely'
import type { Hash } from 'viem'
import type { Database, Schema } from '../database.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { OperationTable } from './migration.ts'
import { readOperationRecord, writeOperationRecord } from './operationRecord.ts'

export type StoredOperation = {
  readonly validated: ValidatedOperation
  readonly state: OperationTable['state']
  readonly arrival: number
  readonly addedAtBlock: bigint
  readonly refusal?: Refusal
}

/** SQLite takes a limited number of parameters in one statement. */
const chunkLength = 500

/**
 * One that was dropped before may come again. Written out, as is what `hasLanded` asks: each operation goes through both,
 * and building a statement takes longer than carrying it out.
 */
const insertion = `insert into operation (hash, arrival, state, validated, added_at_block)
  values (?, ?, 'waiting', ?, ?)
  on conflict (hash) do update set arrival = excluded.arrival, state = excluded.state,
    validated = excluded.validated, added_at_block = excluded.added_at_block, dropped_because = null,
    dropped_at_block = null`

/**
 * The oldest of the dropped beyond the newest `keep`, so many at a time, without those whom a reorg of a block not yet so
 * deep could bring back.
 */
const forgetting = `delete from operation where hash in (
    select hash from operation where state = 'dropped' and arrival <= (
      select arrival from operation where state = 'dropped' order by arrival desc limit 1 offset ?)
    and (dropped_at_block is null or dropped_at_block < ?) limit ?)`

const landing = `select 1 from operation join inclusion on inclusion.operation_hash = operation.hash
  where operation.hash = ? and operation.state = 'landed' limit 1`

export async function insertOperation(
  transaction: Transaction<Schema>,
  { validated, arrival, addedAtBlock }: Pick<StoredOperation, 'validated' | 'arrival' | 'addedAtBlock'>,
): Promise<void> {
  const row = [validated.userOperationHash, arrival, writeOperationRecord(validated), Number(addedAtBlock)]
  await transaction.executeQuery(CompiledQuery.raw(insertion, row))
}

/** Unknown hashes are passed over. */
export async function setOperationState(
  transaction: Transaction<Schema>,
  hashes: readonly Hash[],
  state: 'waiting' | 'landed',
): Promise<void> {
  for (let start = 0; start < hashes.length; start += chunkLength) {
    await transaction
      .updateTable('operation')
      .set({ state, dropped_because: null, dropped_at_block: null })
      .where('hash', 'in', hashes.slice(start, start + chunkLength))
      .execute()
  }
}

/**
 * False where it has landed: what the chain says stands above what we decided. `atBlock`: number of the block whose
 * state ended it; undefined where that was none.
 */
export async function setOperationDropped(
  transaction: Transaction<Schema>,
  hash: Hash,
  refusal: Refusal,
  atBlock?: bigint,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('operation')
    .set({
      state: 'dropped',
      dropped_because: JSON.stringify(refusal),
      dropped_at_block: atBlock === undefined ? null : Number(atBlock),
    })
    .where('hash', '=', hash)
    .where('state', '!=', 'landed')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** How many were forgotten; as many as `most` while there may be more. */
export async function forgetDropped(
  transaction: Transaction<Schema>,
  { keep, beforeBlock, most }: { keep: number; beforeBlock: bigint; most: number },
): Promise<number> {
  const parameters = [keep, Number(beforeBlock), most]
  const { numAffectedRows = 0n } = await transaction.executeQuery(CompiledQuery.raw(forgetting, parameters))
  return Number(numAffectedRows)
}

export async function findOperations(
  database: Database,
  hashes: readonly Hash[],
): Promise<readonly StoredOperation[]> {
  const found: StoredOperation[] = []
  for (let start = 0; start < hashes.length; start += chunkLength) {
    const rows = await database
      .selectFrom('operation')
      .selectAll()
      .where('hash', 'in', hashes.slice(start, start + chunkLength))
      .execute()
    found.push(...rows.map(readRow))
  }
  return found
}

/** What the state of that block or a later one has ended, in order of arrival. */
export async function findDroppedSince(
  database: Database,
  block: bigint,
): Promise<readonly StoredOperation[]> {
  const rows = await database
    .selectFrom('operation')
    .selectAll()
    .where('dropped_at_block', '>=', Number(block))
    .where('state', '=', 'dropped')
    .orderBy('arrival')
    .execute()
  return rows.map(readRow)
}

/** Held for landed, and in a block that is taken in. */
export async function hasLanded(database: Database, hash: Hash): Promise<boolean> {
  const { rows } = await database.executeQuery(CompiledQuery.raw(landing, [hash]))
  return rows.length > 0
}

/** Held for landed, and in no block that is taken in: what a file says that was left half written by an older build. */
export async function findLandedNowhere(database: Database): Promise<readonly Hash[]> {
  const rows = await database
    .selectFrom('operation')
    .select('hash')
    .where('state', '=', 'landed')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inclusion')
            .select('inclusion.operation_hash')
            .whereRef('inclusion.operation_hash', '=', 'operation.hash'),
        ),
      ),
    )
    .execute()
  return rows.map(({ hash }) => hash as Hash)
}

/** In order of arrival. */
export async function findWaitingOperations(database: Database): Promise<readonly StoredOperation[]> {
  const rows = await database
    .selectFrom('operation')
    .selectAll()
    .where('state', '=', 'waiting')
    .orderBy('arrival')
    .execute()
  return rows.map(readRow)
}

export async function lastArrival(database: Database): Promise<number> {
  const row = await database
    .selectFrom('operation')
    .select(select => select.fn.max('arrival').as('last'))
    .executeTakeFirst()
  return row?.last ?? 0
}

function readRow(row: OperationTable): StoredOperation {
  return {
    validated: readOperationRecord(row.validated),
    state: row.state,
    arrival: row.arrival,
    addedAtBlock: BigInt(row.added_at_block),
    ...(row.dropped_because !== null && { refusal: JSON.parse(row.dropped_because) as Refusal }),
  }
}
