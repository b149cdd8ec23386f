// Keeps the write-ahead log short. SQLite carries it into the data file within a commit, while everything waits for some
// tens of milliseconds; here a thread beside does.
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type SqliteDatabase from 'better-sqlite3'

export type Checkpoints = {
  /** Call between transactions. */
  tend(): void
  /** Resolves when the thread has closed the file. */
  stop(): Promise<void>
}

/** 32 MiB */
const pagesWorthCarrying = 8_000
/** How long the log is takes as long to ask as a small transaction takes. */
const tendsPerLook = 8
const heapMebibytes = 16

export function createCheckpoints(sqlite: SqliteDatabase.Database, path: string): Checkpoints {
  let worker: Worker | undefined
  let isCarrying = false
  let tends = 0

  function start(): Worker {
    // Compiled, also where tests run the sources: a thread has no loader of theirs.
    const entry = createRequire(import.meta.url).resolve('@worldland-aa/service/database/checkpointThread')
    const resourceLimits = { maxOldGenerationSizeMb: heapMebibytes }
    const started = new Worker(entry, { workerData: { path }, resourceLimits })
    started.unref()
    started.on('message', () => {
      isCarrying = false
    })
    // Whatever it was: the log is carried over within commits then, and the next time is another one.
    started.on('error', () => undefined)
    started.on('exit', () => {
      if (worker === started) worker = undefined
      isCarrying = false
    })
    return started
  }

  return {
    tend() {
      if (isCarrying || ++tends % tendsPerLook !== 0) return
      const [log] = sqlite.pragma('wal_checkpoint(noop)') as { log: number; checkpointed: number }[]
      if (log === undefined || log.log - log.checkpointed < pagesWorthCarrying) return
      worker ??= start()
      isCarrying = true
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
