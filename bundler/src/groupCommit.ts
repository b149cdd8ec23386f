// Gathers the writes of one tick into one SQLite transaction, so that many acknowledgements share
// one flush to the disk. Every stage that promises durability writes through it.
import type { Kysely, Transaction } from '@worldland-aa/service/database/openDatabase'

export type Write<Schema> = (transaction: Transaction<Schema>) => Promise<void>

export type GroupCommit<Schema> = {
  /** Resolves once `write` is on the disk; writes are applied in the order in which they were handed in. */
  commit(write: Write<Schema>): Promise<void>
  /** Resolves when everything handed in so far is settled. */
  settled(): Promise<void>
}

export function createGroupCommit<Schema>(database: Kysely<Schema>): GroupCommit<Schema> {
  type Waiting = { write: Write<Schema>; resolve: () => void; reject: (reason: unknown) => void }
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function applyAlone({ write, resolve, reject }: Waiting): Promise<void> {
    try {
      await database.transaction().execute(write)
      resolve()
    } catch (error) {
      reject(error)
    }
  }

  async function applyTogether(batch: readonly Waiting[]): Promise<void> {
    try {
      await database.transaction().execute(async transaction => {
        for (const { write } of batch) await write(transaction)
      })
    } catch {
      // One bad write must not fail its neighbours: each gets its own transaction and its own answer.
      for (const one of batch) await applyAlone(one)
      return
    }
    for (const { resolve } of batch) resolve()
  }

  async function run(): Promise<void> {
    // Let the rest of this tick join.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await applyTogether(batch)
    }
    running = undefined
  }

  return {
    commit(write) {
      return new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject })
        running ??= run()
      })
    },
    async settled() {
      await running
    },
  }
}
