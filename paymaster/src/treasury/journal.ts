// The history of what the treasury sent: written before anything is broadcast, so that a sudden death leaves nothing out.
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Address, Hash } from 'viem'
import type { TransactionKind, TransactionState, TreasuryTransaction } from '../admin/treasury/schema.ts'
import { moveDepositHeld, readPosition } from '../ledger/position.ts'
import type { LedgerSchema } from '../ledger/schema.ts'

export type Row = Selectable<LedgerSchema['treasury_transaction']>

export type NewTransaction = {
  readonly requestId: string
  /** JSON of what was asked for. */
  readonly request: string
  readonly kind: TransactionKind
  readonly description: string
  readonly to: Address
  readonly from: Address
  readonly valueWei: bigint
  readonly takesWei: bigint
  readonly sentBy: TreasuryTransaction['sentBy']
  readonly actorName: string | null
  readonly createdAtSeconds: number
}

export type Outcome = {
  readonly state: TransactionState
  readonly hash?: Hash
  readonly blockNumber?: bigint | undefined
  readonly problem?: string | undefined
  /** Nothing can come of it any more. */
  readonly settled?: boolean
}

export type Journal = {
  find(requestId: string): Promise<Row | undefined>
  byHash(hash: Hash): Promise<Row | undefined>
  /** What it takes out of the deposit is held for it from here on, whether it is free or not. */
  add(transaction: NewTransaction): Promise<Row>
  /** Undefined, and nothing is held, where that is not free any more. */
  addIfFree(transaction: NewTransaction): Promise<Row | undefined>
  signed(id: number, sent: { hash: Hash; nonce: number; blockNumber: bigint }): Promise<void>
  outcome(row: Row, outcome: Outcome): Promise<void>
  /** Of which something may still come, the oldest first. */
  open(): Promise<readonly Row[]>
  hashesOf(id: number): Promise<readonly Hash[]>
  /** Whichever of these were sent by the house. */
  known(hashes: readonly Hash[]): Promise<ReadonlySet<Hash>>
  page(limit: number, below: number | undefined): Promise<readonly Row[]>
  row(id: number): Promise<Row | undefined>
}

/** Of these it is not known that they do not take anything out. */
const holds: readonly TransactionState[] = ['queued', 'sent']
/** SQLite takes a limited number of parameters in one statement. */
const chunkLength = 500

export function createJournal(database: Kysely<LedgerSchema>): Journal {
  const rows = () => database.selectFrom('treasury_transaction').selectAll()
  const row = (id: number) => rows().where('id', '=', id).executeTakeFirst()

  return {
    row,
    find: requestId => rows().where('request_id', '=', requestId).executeTakeFirst(),
    async byHash(hash) {
      const found = await database
        .selectFrom('treasury_hash')
        .select('transaction_id')
        .where('hash', '=', hash)
        .executeTakeFirst()
      return found && (await row(found.transaction_id))
    },
    add: transaction => database.transaction().execute(ledger => insert(ledger, transaction)),
    addIfFree: transaction =>
      database.transaction().execute(async ledger => {
        const { takesWei } = transaction
        if (takesWei > 0n) {
          const { depositWei, depositHeldWei } = readPosition(ledger)
          if (depositHeldWei + takesWei > depositWei) return undefined
        }
        return await insert(ledger, transaction)
      }),
    signed: (id, { hash, nonce, blockNumber }) =>
      database.transaction().execute(async ledger => {
        await ledger
          .insertInto('treasury_hash')
          .values({ hash, transaction_id: id })
          .onConflict(conflict => conflict.column('hash').doNothing())
          .execute()
        await ledger
          .updateTable('treasury_transaction')
          .set({ state: 'sent', hash, nonce, sent_at_block: Number(blockNumber) })
          .where('id', '=', id)
          .execute()
      }),
    outcome: ({ id, takes_wei, held_wei }, { state, hash, blockNumber, problem, settled }) =>
      database.transaction().execute(async ledger => {
        const heldWei = holds.includes(state) ? BigInt(takes_wei) : 0n
        const growthWei = heldWei - BigInt(held_wei)
        if (growthWei !== 0n) moveDepositHeld(ledger, growthWei)
        await ledger
          .updateTable('treasury_transaction')
          .set({
            state,
            held_wei: String(heldWei),
            block_number: blockNumber === undefined ? null : Number(blockNumber),
            problem: problem ?? null,
            settled: settled === true ? 1 : 0,
            ...(hash !== undefined && { hash }),
          })
          .where('id', '=', id)
          .execute()
      }),
    open: () => rows().where('settled', '=', 0).orderBy('id').limit(100).execute(),
    async hashesOf(id) {
      const found = await database
        .selectFrom('treasury_hash')
        .select('hash')
        .where('transaction_id', '=', id)
        .execute()
      return found.map(({ hash }) => hash as Hash)
    },
    async known(hashes) {
      const found = new Set<Hash>()
      for (let start = 0; start < hashes.length; start += chunkLength) {
        const some = await database
          .selectFrom('treasury_hash')
          .select('hash')
          .where('hash', 'in', hashes.slice(start, start + chunkLength))
          .execute()
        for (const { hash } of some) found.add(hash as Hash)
      }
      return found
    },
    page(limit, below) {
      const page = rows().orderBy('id', 'desc').limit(limit)
      return (below === undefined ? page : page.where('id', '<', below)).execute()
    },
  }
}

async function insert(ledger: Transaction<LedgerSchema>, transaction: NewTransaction): Promise<Row> {
  const { takesWei } = transaction
  if (takesWei > 0n) moveDepositHeld(ledger, takesWei)
  return await ledger
    .insertInto('treasury_transaction')
    .values({
      request_id: transaction.requestId,
      request: transaction.request,
      kind: transaction.kind,
      description: transaction.description,
      to_address: transaction.to,
      from_address: transaction.from,
      value_wei: String(transaction.valueWei),
      sent_by: transaction.sentBy,
      state: 'queued',
      actor_name: transaction.actorName,
      created_at: transaction.createdAtSeconds,
      takes_wei: String(takesWei),
      held_wei: String(takesWei),
      settled: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}
