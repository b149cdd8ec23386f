// A reputation over a database of its own.
import { systemClock } from '@worldland-aa/service/clock'
import { createLogger } from '@worldland-aa/service/logger'
import { openBundlerDatabase } from '../database.ts'
import { createReputation, type Reputation } from '../reputation/reputation.ts'

export async function openReputation(): Promise<Reputation> {
  const { database } = await openBundlerDatabase(':memory:')
  const logger = createLogger({ name: 'test', level: 'silent' })
  const reputation = createReputation({ database, clock: systemClock, logger })
  await reputation.start()
  return reputation
}
