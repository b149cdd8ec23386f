// Writes changed reputations to the database a moment after they changed, many to one write.
import type { Logger } from '@worldland-aa/service/logger'
import type { Database } from '../database.ts'
import { type StoredCounters, saveCounters } from './store.ts'

export type Saving = {
  changed(key: string): void
  /** Resolves when every change so far is on disk. */
  flush(): Promise<void>
  /** The same, for the last time: what changes from then on is not written. */
  close(): Promise<void>
}

const flushAfterMilliseconds = 1_000

export function createSaving(options: {
  database: Database
  logger: Logger
  countersOf: (key: string) => StoredCounters | undefined
}): Saving {
  let unsaved = new Set<string>()
  let last: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  async function save(): Promise<void> {
    const keys = unsaved
    unsaved = new Set()
    if (keys.size === 0) return
    try {
      await options.database.transaction().execute(async transaction => {
        await saveCounters(transaction, new Map([...keys].map(key => [key, options.countersOf(key)])))
      })
    } catch (error) {
      for (const key of keys) unsaved.add(key)
      throw error
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // One after the other, so that an older state never overwrites a newer one, and what one write
    // could not save is in the next.
    last = last.catch(() => undefined).then(save)
    return last
  }

  function reportFailure(error: unknown): void {
    options.logger.error({ error }, 'reputations could not be saved; they will be with the next change')
  }

  return {
    changed(key) {
      unsaved.add(key)
      if (isClosed) return
      timer ??= setTimeout(() => void flush().catch(reportFailure), flushAfterMilliseconds).unref()
    },
    flush,
    async close() {
      isClosed = true
      await flush()
    },
  }
}
