// The thread itself: carries what is committed from the write-ahead log into the data file, as often as it is told to.
import { parentPort, workerData } from 'node:worker_threads'
import SqliteDatabase from 'better-sqlite3'

/** What is committed meanwhile is carried over by the next round, which is shorter; what is left then is little. */
const rounds = 3
/** For whoever writes at that moment. */
const patienceMilliseconds = 200

const { path } = workerData as { path: string }
const sqlite = new SqliteDatabase(path, { fileMustExist: true, timeout: 0 })
const gate = new SqliteDatabase(path, { fileMustExist: true, timeout: patienceMilliseconds })

parentPort?.on('message', (message: 'carry' | 'stop') => {
  if (message === 'stop') {
    gate.close()
    sqlite.close()
    parentPort?.close()
    return
  }
  for (let round = 0; round < rounds; round++) carry()
  carryRest()
  parentPort?.postMessage('carried')
})

/** What cannot be carried over now, for a full disk or for whoever else does it, stays in the log until the next time. */
function carry(): void {
  try {
    sqlite.pragma('wal_checkpoint(passive)')
  } catch {}
}

/** While nobody writes, so that nothing is left: by that the log begins anew. Whoever comes to write waits for some milliseconds. */
function carryRest(): void {
  try {
    gate.exec('begin immediate')
  } catch {
    return
  }
  carry()
  gate.exec('rollback')
}
