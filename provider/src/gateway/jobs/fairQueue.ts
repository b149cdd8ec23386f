// Whose turn it is: sessions take turns, and within a session its rights do, so that neither a long queue nor a thousand
// short ones of the same session hold anybody else up.
import type { Job } from './job.ts'

export type FairQueue = {
  readonly size: number
  readonly bytes: number
  /** Of one session, waiting. */
  waitingOf(sessionId: bigint): { readonly jobs: number; readonly bytes: number }
  add(job: Job): void
  /** Before all others of its right: it had its turn already. */
  addFirst(job: Job): void
  next(): Job | undefined
  remove(job: Job): boolean
  [Symbol.iterator](): IterableIterator<Job>
}

type Line = Map<string, Job>
type SessionLines = { readonly lines: Map<bigint, Line>; jobs: number; bytes: number }

export function createFairQueue(): FairQueue {
  /** The one whose turn is next first: a map keeps the order in which its keys came. */
  const sessions = new Map<bigint, SessionLines>()
  let size = 0
  let bytes = 0

  function linesOf(job: Job): SessionLines {
    const { sessionId } = job.payer
    let session = sessions.get(sessionId)
    if (session === undefined) {
      session = { lines: new Map(), jobs: 0, bytes: 0 }
      sessions.set(sessionId, session)
    }
    session.jobs++
    session.bytes += job.inputBytes
    size++
    bytes += job.inputBytes
    return session
  }

  function take(session: SessionLines, line: Line, job: Job): void {
    line.delete(job.id)
    if (line.size === 0) session.lines.delete(job.payer.rightId)
    session.jobs--
    session.bytes -= job.inputBytes
    if (session.jobs === 0) sessions.delete(job.payer.sessionId)
    size--
    bytes -= job.inputBytes
  }

  return {
    get size() {
      return size
    },
    get bytes() {
      return bytes
    },
    waitingOf(sessionId) {
      const session = sessions.get(sessionId)
      return { jobs: session?.jobs ?? 0, bytes: session?.bytes ?? 0 }
    },
    add(job) {
      const { lines } = linesOf(job)
      const line = lines.get(job.payer.rightId)
      if (line === undefined) lines.set(job.payer.rightId, new Map([[job.id, job]]))
      else line.set(job.id, job)
    },
    addFirst(job) {
      const { lines } = linesOf(job)
      const line = lines.get(job.payer.rightId) ?? []
      lines.set(job.payer.rightId, new Map([[job.id, job], ...line]))
    },
    next() {
      for (const [sessionId, session] of sessions) {
        for (const [rightId, line] of session.lines) {
          for (const job of line.values()) {
            take(session, line, job)
            moveToEnd(session.lines, rightId)
            moveToEnd(sessions, sessionId)
            return job
          }
        }
      }
      return undefined
    },
    remove(job) {
      const session = sessions.get(job.payer.sessionId)
      const line = session?.lines.get(job.payer.rightId)
      if (session === undefined || !line?.has(job.id)) return false
      take(session, line, job)
      return true
    },
    *[Symbol.iterator]() {
      for (const { lines } of sessions.values()) for (const line of lines.values()) yield* line.values()
    },
  }
}

/** Whoever has had a turn stands behind all others. */
function moveToEnd<Key, Value>(map: Map<Key, Value>, key: Key): void {
  const value = map.get(key)
  if (value === undefined) return
  map.delete(key)
  map.set(key, value)
}
