// Where settlement stands on the chain, and what of the deposit is spoken for there.
import type { Kysely, Transaction } from 'kysely'
import type { Hash } from 'viem'
import type { LedgerSchema } from './schema.ts'

export type Position = {
  readonly block: { readonly number: bigint; readonly hash: Hash }
  readonly depositWei: bigint
  readonly depositHeldWei: bigint
}

type Reader = Kysely<LedgerSchema> | Transaction<LedgerSchema>

export async function findPosition(ledger: Reader): Promise<Position | undefined> {
  const row = await ledger.selectFrom('position').selectAll().executeTakeFirst()
  if (row === undefined) return undefined
  return {
    block: { number: BigInt(row.block_number), hash: row.block_hash as Hash },
    depositWei: BigInt(row.deposit_wei),
    depositHeldWei: BigInt(row.deposit_held_wei),
  }
}

export async function readPosition(ledger: Reader): Promise<Position> {
  const position = await findPosition(ledger)
  if (position === undefined) throw new Error('The ledger has no position yet: settlement has not started')
  return position
}

export async function moveDepositHeld(ledger: Transaction<LedgerSchema>, byWei: bigint): Promise<void> {
  const { depositHeldWei } = await readPosition(ledger)
  await ledger
    .updateTable('position')
    .set({ deposit_held_wei: String(depositHeldWei + byWei) })
    .execute()
}
