// The runs as they are kept: each a row, its items beside it, a year of hours of them.
import type { Kysely, Selectable } from 'kysely'
import { getAddress, type Hash } from 'viem'
import type {
  DriftItem,
  DriftKind,
  Opening,
  OtherTokenCheck,
  ReconciliationRun,
} from '../admin/reconciliation/schema.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Item } from './books.ts'
import type { Standing } from './reconcile.ts'
import type { Figures, Verdict } from './verdict.ts'

export type StartedBy = ReconciliationRun['startedBy']

type Row = Selectable<LedgerSchema['reconciliation_run']>

export type RunStore = {
  begin(by: StartedBy, atSeconds: number): Promise<number>
  finish(id: number, done: Finished): Promise<void>
  fail(id: number, problem: string, atSeconds: number): Promise<void>
  /** What was under way when the service ended is not. */
  giveUp(atSeconds: number): Promise<void>
  /** Where a run may start from, the newest first. */
  bases(): AsyncIterable<{
    readonly standing: Standing
    readonly carriedWei: bigint
    readonly otherTokens: readonly OtherTokenCheck[]
    readonly opening: Opening | null
  }>
  latest(): Promise<ReconciliationRun | undefined>
  run(id: number): Promise<ReconciliationRun | undefined>
  page(limit: number, below: number | undefined): Promise<readonly ReconciliationRun[]>
  items(id: number, limit: number, from: number): Promise<readonly DriftItem[]>
}

export type Finished = Verdict & {
  readonly from: Standing
  readonly to: Standing
  readonly items: readonly Item[]
  readonly itemCount: number
  readonly atSeconds: number
}

const mostRuns = 10_000

export function createRunStore(database: Kysely<LedgerSchema>): RunStore {
  const rows = () => database.selectFrom('reconciliation_run').selectAll()

  return {
    async begin(by, atSeconds) {
      const { id } = await database
        .insertInto('reconciliation_run')
        .values({ started_by: by, state: 'running', started_at: atSeconds, item_count: 0 })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
    finish: (id, done) =>
      database.transaction().execute(async ledger => {
        const { from, to, items, figures } = done
        await ledger
          .updateTable('reconciliation_run')
          .set({
            state: done.state,
            finished_at: done.atSeconds,
            from_block: Number(from.number),
            to_block: Number(to.number),
            to_hash: to.hash,
            deposit_wei: String(to.depositWei),
            tips_owed_wei: String(to.tipsOwedWei),
            tanks_wei: String(to.tanksWei),
            tokens_wei: String(to.tokensWei),
            figures: JSON.stringify(figures),
            item_count: done.itemCount,
          })
          .where('id', '=', id)
          .execute()
        for (const [position, item] of items.entries()) {
          await ledger
            .insertInto('reconciliation_item')
            .values({
              run_id: id,
              position,
              kind: item.kind,
              wei: String(item.wei),
              transaction_hash: item.transactionHash,
              user_operation_hash: item.userOperationHash,
              account: item.account,
              block_number: Number(item.blockNumber),
              token: item.token ?? null,
              says: item.says,
            })
            .execute()
        }
        const old = id - mostRuns
        await ledger.deleteFrom('reconciliation_item').where('run_id', '<=', old).execute()
        await ledger.deleteFrom('reconciliation_run').where('id', '<=', old).execute()
      }),
    async fail(id, problem, atSeconds) {
      await database
        .updateTable('reconciliation_run')
        .set({ state: 'failed', problem, finished_at: atSeconds })
        .where('id', '=', id)
        .execute()
    },
    async giveUp(atSeconds) {
      await database
        .updateTable('reconciliation_run')
        .set({ state: 'failed', problem: 'the service ended meanwhile', finished_at: atSeconds })
        .where('state', '=', 'running')
        .execute()
    },
    async *bases() {
      let below = Number.MAX_SAFE_INTEGER
      for (;;) {
        const row = await rows()
          .where('id', '<', below)
          .where('to_hash', 'is not', null)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        if (row === undefined) return
        below = row.id
        yield baseOf(row)
      }
    },
    async latest() {
      const row = await rows()
        .where('state', '!=', 'running')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && showRun(row)
    },
    async run(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst()
      return row && showRun(row)
    },
    async page(limit, below) {
      const page = rows().orderBy('id', 'desc').limit(limit)
      const found = await (below === undefined ? page : page.where('id', '<', below)).execute()
      return found.map(showRun)
    },
    async items(id, limit, from) {
      const found = await database
        .selectFrom('reconciliation_item')
        .selectAll()
        .where('run_id', '=', id)
        .where('position', '>=', from)
        .orderBy('position')
        .limit(limit)
        .execute()
      return found.map(row => ({
        kind: row.kind as DriftKind,
        wei: row.wei,
        token: row.token === null ? null : getAddress(row.token),
        transactionHash: row.transaction_hash,
        userOperationHash: row.user_operation_hash,
        account: row.account,
        blockNumber: row.block_number,
        says: row.says,
      }))
    },
  }
}

function baseOf(row: Row) {
  const figures = row.figures === null ? undefined : (JSON.parse(row.figures) as Figures)
  return {
    standing: {
      number: BigInt(row.to_block ?? 0),
      hash: row.to_hash as Hash,
      depositWei: BigInt(row.deposit_wei ?? 0),
      tipsOwedWei: BigInt(row.tips_owed_wei ?? 0),
      tanksWei: BigInt(row.tanks_wei ?? 0),
      tokensWei: BigInt(row.tokens_wei ?? 0),
    },
    carriedWei: BigInt(figures?.deposit?.carriedWei ?? 0),
    otherTokens: figures?.otherTokens ?? [],
    opening: figures?.opening ?? null,
  }
}

function showRun(row: Row): ReconciliationRun {
  const none = {
    ...{ deposit: null, tips: null, tanks: null, tokens: null, ledger: null, otherTokens: [] },
    opening: null,
  }
  const figures = row.figures === null ? none : (JSON.parse(row.figures) as Figures)
  return {
    id: String(row.id),
    state: row.state as ReconciliationRun['state'],
    startedBy: row.started_by as StartedBy,
    startedAtSeconds: row.started_at,
    finishedAtSeconds: row.finished_at,
    fromBlock: row.from_block,
    toBlock: row.to_block,
    toBlockHash: row.to_hash,
    ...none,
    ...figures,
    itemCount: row.item_count,
    problem: row.problem,
  }
}
