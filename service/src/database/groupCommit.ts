// Gathers the writes of one tick into one SQLite transaction, so that many promises share one flush to
// the disk. Every stage that promises durability writes through it.
import { Outage } from '../outage.ts'
import { commitTogether } from './flushing.ts'
import type { Kysely, Transaction } from './openDatabase.ts'

/** May run twice: once with its neighbours and, if one of them failed, once alone. */
export type Write<Schema, Value> = (transaction: Transaction<Schema>) => Promise<Value>

export type GroupCommit<Schema> = {
  /** Resolves once `write` is on the disk; writes are applied in the order in which they were handed in. */
  commit<Value>(write: Write<Schema, Value>): Promise<Value>
  /** The same without haste: `write` waits a moment for a `commit` whose flush to the disk it can share. */
  commitLater<Value>(write: Write<Schema, Value>): Promise<Value>
  /** Resolves when everything handed in so far is settled. */
  settled(): Promise<void>
}

export type GroupCommitOptions = {
  /** How long a write without haste waits for a `commit` at the most. */
  readonly patienceMilliseconds?: number
  /** Whether it does so also on the heels of a group, or goes to the disk when that has. */
  readonly isAlwaysPatient?: boolean
}

export function createGroupCommit<Schema>(
  database: Kysely<Schema>,
  { patienceMilliseconds = 50, isAlwaysPatient = false }: GroupCommitOptions = {},
): GroupCommit<Schema> {
  type Waiting = {
    readonly write: Write<Schema, unknown>
    readonly resolve: (value: unknown) => void
    readonly reject: (reason: unknown) => void
  }
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined
  /** A group is to begin for what is in `waiting`. */
  let isUrgent = false
  /** A timer runs for the writes that wait without haste. */
  let isTimed = false

  async function applyAlone({ write, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await commitTogether(database, write))
    } catch (error) {
      reject(error)
    }
  }

  async function applyTogether(batch: readonly Waiting[]): Promise<void> {
    const values: unknown[] = []
    try {
      await commitTogether(database, async transaction => {
        for (const { write } of batch) values.push(await write(transaction))
      })
    } catch (error) {
      // What the disk refuses all together it refuses one by one, each after a wait of its own.
      if (error instanceof Outage) {
        for (const { reject } of batch) reject(error)
        return
      }
      // One bad write must not fail its neighbours: each gets its own transaction and its own answer.
      for (const one of batch) await applyAlone(one)
      return
    }
    for (const [index, { resolve }] of batch.entries()) resolve(values[index])
  }

  async function run(): Promise<void> {
    while (isUrgent || (!isAlwaysPatient && waiting.length > 0)) {
      // Let the rest of this tick join: each group costs its flush, however many are in it.
      await new Promise(setImmediate)
      const batch = waiting
      waiting = []
      isUrgent = false
      await applyTogether(batch)
    }
    running = undefined
  }

  function start(): Promise<void> {
    isUrgent = true
    running ??= run()
    return running
  }

  function enqueue<Value>(write: Write<Schema, Value>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      waiting.push({ write, resolve: resolve as (value: unknown) => void, reject })
    })
  }

  return {
    commit(write) {
      const committed = enqueue(write)
      void start()
      return committed
    },
    commitLater(write) {
      const committed = enqueue(write)
      if (!isTimed) {
        isTimed = true
        setTimeout(() => {
          isTimed = false
          if (waiting.length > 0) void start()
        }, patienceMilliseconds).unref()
      }
      return committed
    },
    async settled() {
      if (waiting.length > 0) void start()
      await running
    },
  }
}
