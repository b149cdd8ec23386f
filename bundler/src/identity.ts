// Which chain a data file is about: nonces and blocks of another would be taken for this one's.
import type { Node } from '@worldland-aa/service/chain/connectNode'
import { readGenesisHash } from '@worldland-aa/service/chain/readGenesisHash'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { takeBackupMark } from '@worldland-aa/service/database/backupMark'
import type { Migration } from '@worldland-aa/service/database/openDatabase'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { Database } from './database.ts'

/** One row. */
export type IdentityTable = {
  id: 1
  chain_id: number
  genesis_hash: string
  /** Lower case. */
  entry_point: string
}

export const identityMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('identity')
      .addColumn('id', 'integer', column => column.primaryKey())
      .addColumn('chain_id', 'integer', column => column.notNull())
      .addColumn('genesis_hash', 'text', column => column.notNull())
      .addColumn('entry_point', 'text', column => column.notNull())
      .execute()
  },
}

/** Writes into a new file what it is about. Throws, with the remedy, when the file is about something else. */
export async function claimDataFile(options: {
  readonly database: Database
  readonly path: string
  readonly node: Pick<Node, 'client' | 'chainId'>
  readonly entryPoint: Address
  readonly logger: Logger
}): Promise<void> {
  const { database, path, node, logger } = options
  const row = {
    chain_id: node.chainId,
    genesis_hash: await readGenesisHash(node.client),
    entry_point: options.entryPoint.toLowerCase(),
  }
  await database
    .insertInto('identity')
    .values({ id: 1, ...row })
    .onConflict(conflict => conflict.column('id').doNothing())
    .execute()
  const its = await database.selectFrom('identity').selectAll().executeTakeFirstOrThrow()
  const isMine =
    its.chain_id === row.chain_id &&
    its.genesis_hash === row.genesis_hash &&
    its.entry_point === row.entry_point
  if (!isMine) {
    await database.destroy()
    throw new ExitError(
      exitCodes.configuration,
      `${path} is of chain ${its.chain_id} (genesis ${its.genesis_hash}) and the EntryPoint ${its.entry_point}, not of chain ${row.chain_id} (genesis ${row.genesis_hash}) and ${row.entry_point}: give another file by --data-file`,
    )
  }
  const backedUpAt = await takeBackupMark(database)
  if (backedUpAt === undefined) return
  const madeAt = new Date(backedUpAt * 1000).toISOString()
  logger.warn(
    { file: path, madeAt },
    'this file is a backup: what has landed since is read from the chain, and what was accepted since and has not landed is not known here; its senders have to send it again',
  )
}
