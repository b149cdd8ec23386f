// Until when the last signature of each signer is good: what a removal has to wait for. Held in memory as signatures are
// given, written with the blocks; after a sudden death it is never taken for earlier than it is.
import { commitTogether } from '@worldland-aa/service/database/flushing'
import type { Kysely } from 'kysely'
import { type Address, getAddress } from 'viem'
import { isOpen } from '../ledger/exposureStates.ts'
import type { LedgerSchema } from '../ledger/schema.ts'

export type SignerUse = {
  /** Raises what was left open to the latest that anything may land which is signed for; `keys` sign from here on. */
  start(keys: readonly Address[]): Promise<void>
  note(address: Address, validUntil: number): void
  /** Seconds since the Unix epoch; undefined for one that has signed nothing here. */
  lastValidUntil(address: Address): number | undefined
  known(): readonly Address[]
  /** One that the contract was told to trust, whoever signs by it. */
  remember(address: Address): Promise<void>
  /** Call before it signs: from here on its row may lag behind. */
  open(address: Address): Promise<void>
  /** It signs no more: what is known of it now is all. */
  close(address: Address): Promise<void>
  /** Writes what has changed. */
  save(): Promise<void>
}

export function createSignerUse(database: Kysely<LedgerSchema>): SignerUse {
  const latest = new Map<Address, number>()
  const changed = new Set<Address>()

  async function write(address: Address, open: number): Promise<void> {
    const row = { last_valid_until: latest.get(address) ?? 0, open }
    await database
      .insertInto('signer_use')
      .values({ address, ...row })
      .onConflict(conflict => conflict.column('address').doUpdateSet(row))
      .execute()
  }

  function note(address: Address, validUntil: number): void {
    if (validUntil <= (latest.get(address) ?? 0)) return
    latest.set(address, validUntil)
    changed.add(address)
  }

  return {
    note,
    known: () => [...latest.keys()],
    lastValidUntil: address => latest.get(address) || undefined,
    async remember(address) {
      if (latest.has(address)) return
      latest.set(address, 0)
      await database
        .insertInto('signer_use')
        .values({ address, last_valid_until: 0, open: 0 })
        .onConflict(conflict => conflict.column('address').doNothing())
        .execute()
    },
    async start(keys) {
      const rows = await database.selectFrom('signer_use').selectAll().execute()
      const bound = await latestPromise(database)
      for (const row of rows) {
        const address = getAddress(row.address)
        latest.set(address, row.last_valid_until)
        if (row.open === 1) note(address, bound)
      }
      // Written by a version that kept no such rows: any of them may have signed.
      if (rows.length === 0) for (const address of keys) note(address, bound)
      // Nothing is open any more but what signs from now on.
      for (const address of latest.keys()) await write(address, 0)
      changed.clear()
    },
    open: address => write(address, 1),
    async close(address) {
      changed.delete(address)
      await write(address, 0)
    },
    async save() {
      if (changed.size === 0) return
      const addresses = [...changed]
      changed.clear()
      await commitTogether(database, async transaction => {
        for (const address of addresses) {
          const last_valid_until = latest.get(address) ?? 0
          await transaction
            .updateTable('signer_use')
            .set({ last_valid_until })
            .where('address', '=', address)
            .execute()
        }
      })
    },
  }
}

/** Nothing is signed but what is reserved on the disk, or was signed after the backup that the ledger came back from. */
async function latestPromise(database: Kysely<LedgerSchema>): Promise<number> {
  const exposure = await database
    .selectFrom('exposure')
    .select(({ fn }) => fn.max('valid_until').as('latest'))
    .where(isOpen)
    .executeTakeFirst()
  const restoration = await database.selectFrom('restoration').select('silent_until').executeTakeFirst()
  return Math.max(exposure?.latest ?? 0, restoration?.silent_until ?? 0)
}
