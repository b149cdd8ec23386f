// Opens the ledger of this chain and this paymaster, and no other: budgets and nonces of another chain
// would be taken for this one's.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import { createLedger, type Ledger, type LedgerIdentity } from './ledger.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

/** Throws, with the remedy, when the file belongs to something else. */
export async function openLedger(
  dataFile: string,
  mine: LedgerIdentity,
  watch?: StorageWatch,
): Promise<{ readonly ledger: Ledger; readonly database: Kysely<LedgerSchema> }> {
  const database = await openDatabase<LedgerSchema>({
    path: dataFile,
    migrations: ledgerMigrations,
    ...(watch && { watch }),
  })
  const ledger = createLedger(database)
  const known = await ledger.identify(mine)
  const same =
    known.chainId === mine.chainId &&
    known.genesisHash === mine.genesisHash &&
    known.entryPoint.toLowerCase() === mine.entryPoint.toLowerCase() &&
    known.paymaster.toLowerCase() === mine.paymaster.toLowerCase()
  if (same) return { ledger, database }
  await database.destroy()
  throw new ExitError(
    exitCodes.configuration,
    `${dataFile} is the ledger of the paymaster ${known.paymaster} on chain ${known.chainId} (genesis ${known.genesisHash}), not of ${mine.paymaster} on chain ${mine.chainId} (genesis ${mine.genesisHash}): give another file by --data-file`,
  )
}
