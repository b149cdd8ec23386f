// Where settlement stands on the chain, and what of the deposit is spoken for there.
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Hash } from 'viem'
import type { LedgerSchema } from './schema.ts'

export type Position = {
  readonly block: { readonly number: bigint; readonly hash: Hash }
  readonly depositWei: bigint
  readonly depositHeldWei: bigint
}

type Row = Selectable<LedgerSchema['position']>

export async function findPosition(database: Kysely<LedgerSchema>): Promise<Position | undefined> {
  const row = await database.selectFrom('position').selectAll().executeTakeFirst()
  return row === undefined ? undefined : toPosition(row)
}

export function readPosition(ledger: Transaction<LedgerSchema>): Position {
  const [row] = statementsOf(ledger).all<Row>('select * from position', [])
  if (row === undefined) throw new Error('The ledger has no position yet: settlement has not started')
  return toPosition(row)
}

export function writeDepositHeld(ledger: Transaction<LedgerSchema>, wei: bigint): void {
  statementsOf(ledger).run('update position set deposit_held_wei = ?', [String(wei)])
}

export function moveDepositHeld(ledger: Transaction<LedgerSchema>, byWei: bigint): void {
  writeDepositHeld(ledger, readPosition(ledger).depositHeldWei + byWei)
}

function toPosition(row: Row): Position {
  return {
    block: { number: BigInt(row.block_number), hash: row.block_hash as Hash },
    depositWei: BigInt(row.deposit_wei),
    depositHeldWei: BigInt(row.deposit_held_wei),
  }
}
