// Whether nothing new is taken: an operator's word, which outlives the daemon.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { ProviderSchema } from '../database.ts'

export type Drain = {
  start(): Promise<void>
  isOn(): boolean
  /** On the disk before it resolves. */
  set(on: boolean): Promise<void>
  onChange(listener: () => void): void
}

export function createDrain(
  database: Kysely<ProviderSchema>,
  commits: Pick<GroupCommit<ProviderSchema>, 'commit'>,
): Drain {
  const listeners: (() => void)[] = []
  let since: number | undefined
  return {
    isOn: () => since !== undefined,
    onChange: listener => void listeners.push(listener),
    async start() {
      const row = await database.selectFrom('drain').select('since_milliseconds').executeTakeFirst()
      since = row?.since_milliseconds
    },
    async set(on) {
      const now = Date.now()
      await commits.commit(async transaction => {
        await transaction.deleteFrom('drain').execute()
        if (on) await transaction.insertInto('drain').values({ only: 1, since_milliseconds: now }).execute()
      })
      since = on ? now : undefined
      for (const listener of listeners) listener()
    },
  }
}
