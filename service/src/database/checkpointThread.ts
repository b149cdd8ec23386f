// The thread itself: carries what is committed from the write-ahead log into the data file, as often as it is told to.
import { parentPort, workerData } from 'node:worker_threads'
import SqliteDatabase from 'better-sqlite3'
import { carry } from './checkpoints.ts'

/** What is committed meanwhile is carried over by the next round, which is shorter; what is left then is little. */
const rounds = 3

const sqlite = new SqliteDatabase((workerData as { path: string }).path, { fileMustExist: true, timeout: 0 })

parentPort?.on('message', (message: 'carry' | 'stop') => {
  if (message === 'stop') {
    sqlite.close()
    parentPort?.close()
    return
  }
  for (let round = 0; round < rounds; round++) carry(sqlite)
  parentPort?.postMessage('carried')
})
