// Keeps the write-ahead log short. SQLite carries it into the data file within a commit, while everything waits for some
// tens of milliseconds; here a thread beside does, and a commit carries over only what came since, by which the log
// begins anew.
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type SqliteDatabase from 'better-sqlite3'

export type Checkpoints = {
  /** Call between transactions. */
  tend(): void
  /** Resolves when the thread has closed the file. */
  stop(): Promise<void>
}

/** 16 MiB */
const pagesWorthCarrying = 4_000
const heapMebibytes = 16

/** What cannot be carried over now, for a full disk or for whoever else does it, stays in the log until the next time. */
export function carry(sqlite: SqliteDatabase.Database): void {
  try {
    sqlite.pragma('wal_checkpoint(passive)')
  } catch {}
}

export function createCheckpoints(sqlite: SqliteDatabase.Database, path: string): Checkpoints {
  let worker: Worker | undefined
  let state: 'idle' | 'carrying' | 'carried' = 'idle'

  function start(): Worker {
    // Compiled, also where tests run the sources: a thread has no loader of theirs.
    const entry = createRequire(import.meta.url).resolve('@worldland-aa/service/database/checkpointThread')
    const resourceLimits = { maxOldGenerationSizeMb: heapMebibytes }
    const started = new Worker(entry, { workerData: { path }, resourceLimits })
    started.unref()
    started.on('message', () => {
      state = 'carried'
    })
    // Whatever it was: the log is carried over within commits then, and the next time is another one.
    started.on('error', () => undefined)
    started.on('exit', () => {
      if (worker === started) worker = undefined
      state = 'idle'
    })
    return started
  }

  return {
    tend() {
      if (state === 'carrying') return
      if (state === 'carried') {
        state = 'idle'
        carry(sqlite)
        return
      }
      const [log] = sqlite.pragma('wal_checkpoint(noop)') as { log: number; checkpointed: number }[]
      if (log === undefined || log.log - log.checkpointed < pagesWorthCarrying) return
      worker ??= start()
      state = 'carrying'
      worker.postMessage('carry')
    },
    async stop() {
      const stopping = worker
      if (stopping === undefined) return
      const ended = new Promise(resolve => stopping.once('exit', resolve))
      stopping.postMessage('stop')
      await ended
    },
  }
}
