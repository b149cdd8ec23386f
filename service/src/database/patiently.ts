// Waits for a lock that another program holds, and lets everything else go on meanwhile: SQLite's own waiting
// (busy_timeout) sleeps in the thread of the event loop.
import { setTimeout as pause } from 'node:timers/promises'
import { isBusy } from './storageProblem.ts'

/** A backup or an operator's query is over by then; what holds the lock for longer is told as an outage. */
const patienceMilliseconds = 5_000
const longestPauseMilliseconds = 100
/** From pause to pause: most locks are held for some milliseconds, and nobody shall wait for twice as long. */
const growth = 1.5

/** Runs `work` again until it is not refused for the lock. */
export async function patiently<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  const until = performance.now() + patienceMilliseconds
  for (let wait = 2; ; wait = Math.min(wait * growth, longestPauseMilliseconds)) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
    await pause(wait)
  }
}
