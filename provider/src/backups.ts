// The daemon's database on the command line: `worldland-provider backup` and `restore`.
import type { BackupCommands } from '@worldland-aa/service/cli/backupCommands'
import { text } from '@worldland-aa/service/config/setting'
import { providerSettings } from './config.ts'
import { providerMigrations } from './database.ts'
import { databasePath } from './dataFiles.ts'

const counts = `select
  (select count(*) from lease) as leases,
  (select count(*) from gpu_assignment) as gpus,
  (select count(*) from earning) as earnings,
  (select count(*) from drain) as drains`

type Counts = Record<'leases' | 'gpus' | 'earnings' | 'drains', number>

export const backups: BackupCommands = {
  kind: { program: 'worldland-provider', migrations: Object.keys(providerMigrations) },
  prefix: 'WORLDLAND_PROVIDER',
  dataFile: text({
    group: 'Files',
    describe: 'the database in the data folder',
    fallback: databasePath(providerSettings.dataFolder.fallback ?? '.'),
    placeholder: 'file',
  }),
  rpcUrl: providerSettings.rpcUrl,
  alsoInFile: providerSettings,
  describe(sqlite) {
    const row = sqlite.prepare(counts).get() as Counts
    return `${row.leases} leases at work, ${row.gpus} GPUs in use, ${row.earnings} payments counted; ${row.drains > 0 ? 'draining' : 'not draining'}`
  },
  afterRestore: `Start it, and look at /health and \`worldland-provider status\`:
  - leases are found again on the chain, whatever the backup knows of them; earnings since are counted again
  - vouchers that came after the backup are gone, and so is what they would have paid: back up often, or redeem often
  - jobs that were handed in after the backup are not known
The keys are not in it: keep copies of sealing.key (without it no request can be opened), ssh-host.key, webhook.key (without it receivers refuse what is posted) and the provider's key. Machines' workspaces and files are not in it either.
Never run two on the same provider's key: make sure that the old one is gone.`,
}
