// The one SQLite file of the daemon, with the tables of all parts, and the one group commit that their promises share.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { createGroupCommit, type GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { type Kysely, type Migrations, openDatabase } from '@worldland-aa/service/database/openDatabase'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import { sql } from 'kysely'
import { type AccessTables, accessMigrations } from './access/tables.ts'
import { type FileTables, fileMigrations } from './files/tables.ts'
import { type GatewayTables, gatewayMigrations } from './gateway/jobs/tables.ts'
import { type LeaseTables, leaseMigrations } from './leases/tables.ts'
import { type OperatorTables, operatorMigrations } from './operator/tables.ts'
import { type PaymentTables, paymentMigrations } from './payment/tables.ts'
import { type TrainingTables, trainingMigrations } from './training/tables.ts'

export type ProviderSchema = IdentityTables &
  AccessTables &
  FileTables &
  TrainingTables &
  GatewayTables &
  LeaseTables &
  OperatorTables &
  PaymentTables

export const providerMigrations: Migrations = {
  ...accessMigrations,
  ...fileMigrations,
  ...trainingMigrations,
  ...gatewayMigrations,
  ...leaseMigrations,
  ...operatorMigrations,
  ...paymentMigrations,
  '001-identity': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table identity (
        only integer primary key check (only = 1), chain_id integer not null, genesis_hash text not null,
        provider text not null, instance_lease text not null) strict`.execute(database)
    },
  },
}

type IdentityTables = { identity: Identity & { only: number } }

/** Addresses in lower case. */
export type Identity = {
  readonly chain_id: number
  readonly genesis_hash: string
  readonly provider: string
  readonly instance_lease: string
}

export type ProviderDatabase = {
  readonly database: Kysely<ProviderSchema>
  readonly commits: GroupCommit<ProviderSchema>
}

/** Throws, with the remedy, when the file belongs to another provider, chain or market. */
export async function openProviderDatabase(options: {
  readonly path: string
  readonly mine: Identity
  readonly watch?: StorageWatch
}): Promise<ProviderDatabase> {
  const { path, mine, watch } = options
  const database = await openDatabase<ProviderSchema>({
    path,
    migrations: providerMigrations,
    ...(watch && { watch }),
  })
  await database
    .insertInto('identity')
    .values({ only: 1, ...mine })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const known = await database.selectFrom('identity').selectAll().executeTakeFirstOrThrow()
  const differs = (Object.keys(mine) as (keyof Identity)[]).filter(name => known[name] !== mine[name])
  if (differs.length === 0) return { database, commits: createGroupCommit(database) }
  await database.destroy()
  throw new ExitError(
    exitCodes.configuration,
    `${path} is of another provider or chain (${differs.map(name => `its ${name} is ${known[name]}, not ${mine[name]}`).join('; ')}): give another folder by --data-folder`,
  )
}
