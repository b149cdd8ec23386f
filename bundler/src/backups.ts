// The bundler's data file on the command line: `worldland-bundler backup` and `restore`.
import type { BackupCommands } from '@worldland-aa/service/cli/backupCommands'
import { bundlerSettings } from './config.ts'
import { bundlerMigrations } from './database.ts'

const counts = `select
  (select count(*) from operation where state = 'waiting') as waiting,
  (select count(*) from operation where state = 'landed') as landed,
  (select count(*) from slot where state = 'open') as bundles,
  (select block_number from receipt_cursor) as head`

export const backups: BackupCommands = {
  kind: { program: 'worldland-bundler', migrations: Object.keys(bundlerMigrations) },
  prefix: 'WORLDLAND_BUNDLER',
  dataFile: bundlerSettings.dataFile,
  rpcUrl: bundlerSettings.rpcUrl,
  alsoInFile: bundlerSettings,
  describe(sqlite) {
    const row = sqlite.prepare(counts).get() as Record<'waiting' | 'landed' | 'bundles' | 'head', number>
    return `up to block ${row.head ?? 'none'}: ${row.waiting} operations that had not landed, ${row.bundles} bundles under way, ${row.landed} operations that had landed`
  },
  afterRestore: `Start it, and look at /health and the log:
  - what landed after the backup is read from the chain, and every receipt is answered as before
  - what waited then and has not landed waits again, and lands
  - what was accepted after the backup and has not landed is not known here: its senders have to send it again
  - bundles sent after the backup may still lie at the node; ours of the same operations then revert, at the executor's cost
Never run two bundlers with the same executors' keys: make sure that the old one is gone.`,
}
