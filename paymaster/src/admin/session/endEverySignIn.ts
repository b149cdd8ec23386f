// After a backup came back: a session that was ended since, or a link that was used, must not be good again.
import type { Transaction } from 'kysely'
import type { AdminTables } from '../tables.ts'

export async function endEverySignIn(transaction: Transaction<AdminTables>): Promise<void> {
  await transaction.deleteFrom('console_session').execute()
  await transaction.deleteFrom('console_link').execute()
}
