// A part that reads the node as it starts: one call that fails, or meets a node that lags behind the last, is no reason
// not to start. Whatever is still wrong after a few seconds is.
import { setTimeout as pause } from 'node:timers/promises'
import type { Part } from './lifecycle.ts'
import type { Logger } from './logger.ts'
import { createOutageLog } from './outageLog.ts'

const attempts = 10
const pauseMilliseconds = 300

/** `start` of the part must bear being called again after it failed. */
export function patientStart(part: Part, logger: Logger): Part {
  const outage = createOutageLog(logger)
  const givenUp = new AbortController()
  return {
    name: part.name,
    giveUp() {
      givenUp.abort()
      part.giveUp?.()
    },
    stop: () => part.stop(),
    async start() {
      for (let attempt = 1; ; attempt++) {
        try {
          await part.start()
          return outage.over(`the ${part.name} could be started`)
        } catch (error) {
          if (attempt === attempts || givenUp.signal.aborted) throw error
          outage.begun({ error, part: part.name }, 'a part could not start; trying again')
          await pause(pauseMilliseconds, undefined, { signal: givenUp.signal })
        }
      }
    },
  }
}
