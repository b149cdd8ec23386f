// Tells of an outage once when it begins and once when it is over, however often it is met in between.
import type { Logger } from './logger.ts'

export type OutageLog = {
  /** Logged at the first time; at the level debug from then on. */
  begun(details: object, message: string): void
  /** Logged when there was one. */
  over(message: string): void
}

export function createOutageLog(logger: Logger): OutageLog {
  let metTimes = 0
  return {
    begun(details, message) {
      metTimes++
      if (metTimes === 1) logger.warn(details, message)
      else logger.debug({ ...details, metTimes }, message)
    },
    over(message) {
      if (metTimes > 0) logger.info({ metTimes }, message)
      metTimes = 0
    },
  }
}
