// The ledger's file on the command line: `worldland-paymaster backup` and `restore`.
import type { BackupCommands } from '@worldland-aa/service/cli/backupCommands'
import { paymasterSettings } from './config.ts'
import { ledgerMigrations } from './ledger/schema.ts'

const counts = `select
  (select count(*) from exposure where state = 'RESERVED') as reserved,
  (select count(*) from exposure where state = 'INCLUDED') as included,
  (select count(*) from signature) as signatures,
  (select count(*) from brake) as pauses,
  (select count(*) from blocked) as blocked,
  (select block_number from position) as head`

type Counts = Record<'reserved' | 'included' | 'signatures' | 'pauses' | 'blocked' | 'head', number>

export const backups: BackupCommands = {
  kind: { program: 'worldland-paymaster', migrations: Object.keys(ledgerMigrations) },
  prefix: 'WORLDLAND_PAYMASTER',
  dataFile: paymasterSettings.dataFile,
  rpcUrl: paymasterSettings.rpcUrl,
  alsoInFile: paymasterSettings,
  describe(sqlite) {
    const row = sqlite.prepare(counts).get() as Counts
    const brake = `${row.pauses > 0 ? 'paused' : 'not paused'}, ${row.blocked} blocked`
    return `up to block ${row.head ?? 'none'}: ${row.signatures} signatures, of whose operations ${row.reserved} may still land and ${row.included} had landed; ${brake}`
  },
  afterRestore: `Start it, and look at /health and \`worldland-paymaster status\`:
  - nothing is signed until whatever was signed after the backup has expired in a final block; /health is 503 and says until when
  - what has landed since is read from the chain and counted on the budgets of its policy
  - whoever was signed in at the console signs in again; users and API keys are those of the backup: end again who was removed or revoked since
  - a pause or a block that was given after the backup is not known: give it again before the start ends its waiting
Never run two on the same signer's key: make sure that the old one is gone.`,
}
