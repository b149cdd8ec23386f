// The rows of the promises: one of each bundler for an operation and court, and the first that was written stands. Those
// that a promise waits for are written out: building a statement takes longer than carrying it out.
import type { InclusionPromise } from '@worldland-aa/sdk/protocol/bundling'
import type { Transaction } from '@worldland-aa/service/database/openDatabase'
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Address, Hash, Hex } from 'viem'
import type { Commits, Database, Schema } from '../../database.ts'
import type { SignedInclusionPromise } from '../gossip/messages.ts'
import type { InclusionPromiseTable } from './migration.ts'
import type { PromiseState } from './promiseState.ts'

export type KnownPromise = SignedInclusionPromise & {
  /** The PromiseCourt it can be brought to. */
  readonly court: Address
  readonly isOwn: boolean
  /** Head when it was signed or came in. */
  readonly knownSinceBlock: bigint
  readonly state: PromiseState
  readonly isExcused: boolean
}

export type PromiseStore = {
  /**
   * Resolves, once it is on the disk, with what stands: where its bundler promised that operation before, the first.
   * Throws where the operation itself is not there: it may be written together with it, but not without it.
   */
  keep(promise: KnownPromise): Promise<KnownPromise>
  /** The same without haste, for what others signed. */
  keepLater(promise: KnownPromise): Promise<KnownPromise>
  find(operationHash: Hash): Promise<readonly KnownPromise[]>
  /** Whose block is that or a later one. */
  from(latestBlock: bigint): Promise<readonly KnownPromise[]>
  /** The latest of their blocks. */
  newestBlock(): Promise<bigint | undefined>
  setStates(promises: readonly KnownPromise[]): Promise<void>
  /** Lets go of those whose block is before that. */
  forgetBelow(latestBlock: bigint): Promise<void>
}

const columns = [
  'operation_hash',
  'bundler_id',
  'court',
  'sender',
  'nonce',
  'latest_block',
  'max_base_fee_per_gas',
  'signature',
  'is_own',
  'known_since_block',
  'state',
  'is_excused',
] as const satisfies readonly (keyof InclusionPromiseTable)[]

const into = `insert into inclusion_promise (${columns.join(', ')})`
const places = columns.map(() => '?').join(', ')
const unlessStanding = 'on conflict (operation_hash, bundler_id, court) do nothing'
const insertion = `${into} values (${places}) ${unlessStanding}`
/** Of an operation that waits on the disk: the last value is its hash again. */
const insertionOfHeld = `${into} select ${places}
  where exists (select 1 from operation where hash = ? and state = 'waiting') ${unlessStanding}`
const selection =
  'select * from inclusion_promise where operation_hash = ? and bundler_id = ? and court = ? limit 1'

export function createPromiseStore({
  database,
  commits,
}: {
  database: Database
  commits: Commits
}): PromiseStore {
  async function insert(
    transaction: Transaction<Schema>,
    promise: KnownPromise,
    isOfHeld: boolean,
  ): Promise<KnownPromise> {
    const row = writeRow(promise)
    const statements = statementsOf(transaction)
    const values = columns.map(column => row[column])
    const { changes } = isOfHeld
      ? statements.run(insertionOfHeld, [...values, row.operation_hash])
      : statements.run(insertion, values)
    if (changes > 0) return promise
    const key = [row.operation_hash, row.bundler_id, row.court]
    const [standing] = statements.all<InclusionPromiseTable>(selection, key)
    if (standing === undefined)
      throw new Error(`Operation ${row.operation_hash} is not on the disk, so it is not promised`)
    return readRow(standing)
  }

  return {
    keep: promise => commits.commit(transaction => insert(transaction, promise, true)),
    keepLater: promise => commits.commitLater(transaction => insert(transaction, promise, false)),
    async find(operationHash) {
      const rows = await database
        .selectFrom('inclusion_promise')
        .selectAll()
        .where('operation_hash', '=', operationHash)
        .execute()
      return rows.map(readRow)
    },
    async from(latestBlock) {
      const rows = await database
        .selectFrom('inclusion_promise')
        .selectAll()
        .where('latest_block', '>=', Number(latestBlock))
        .execute()
      return rows.map(readRow)
    },
    async newestBlock() {
      const row = await database
        .selectFrom('inclusion_promise')
        .select('latest_block')
        .orderBy('latest_block', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && BigInt(row.latest_block)
    },
    async setStates(promises) {
      if (promises.length === 0) return
      await commits.commitLater(async transaction => {
        for (const { promise, court, state, isExcused } of promises) {
          await transaction
            .updateTable('inclusion_promise')
            .set({ state, is_excused: isExcused ? 1 : 0 })
            .where('operation_hash', '=', promise.userOpHash)
            .where('bundler_id', '=', promise.bundlerId)
            .where('court', '=', court)
            .execute()
        }
      })
    },
    async forgetBelow(latestBlock) {
      await commits.commitLater(async transaction => {
        await transaction
          .deleteFrom('inclusion_promise')
          .where('latest_block', '<', Number(latestBlock))
          .execute()
      })
    },
  }
}

function writeRow(known: KnownPromise): InclusionPromiseTable {
  const { bundlerId, userOpHash, sender, nonce, latestBlock, maxBaseFeePerGas } = known.promise
  return {
    operation_hash: userOpHash,
    bundler_id: bundlerId,
    court: known.court,
    sender,
    nonce: nonce.toString(),
    latest_block: Number(latestBlock),
    max_base_fee_per_gas: maxBaseFeePerGas.toString(),
    signature: known.signature,
    is_own: known.isOwn ? 1 : 0,
    known_since_block: Number(known.knownSinceBlock),
    state: known.state,
    is_excused: known.isExcused ? 1 : 0,
  }
}

export function readRow(row: InclusionPromiseTable): KnownPromise {
  const promise: InclusionPromise = {
    bundlerId: row.bundler_id,
    userOpHash: row.operation_hash as Hash,
    sender: row.sender as Address,
    nonce: BigInt(row.nonce),
    latestBlock: BigInt(row.latest_block),
    maxBaseFeePerGas: BigInt(row.max_base_fee_per_gas),
  }
  return {
    promise,
    signature: row.signature as Hex,
    court: row.court as Address,
    isOwn: row.is_own === 1,
    knownSinceBlock: BigInt(row.known_since_block),
    state: row.state,
    isExcused: row.is_excused === 1,
  }
}
