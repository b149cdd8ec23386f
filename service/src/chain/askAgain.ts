// A node that is just reorganising answers from in between, for a moment: that it knows no such block, or of no contract
// where there is one. Whoever asked it for somebody who waits asks once more before that somebody is told of an error.
import { setTimeout as pause } from 'node:timers/promises'
import { Outage } from '../outage.ts'

const momentMilliseconds = 200

export async function askAgain<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    // That says itself when to come again.
    if (error instanceof Outage) throw error
  }
  await pause(momentMilliseconds)
  return await ask()
}
