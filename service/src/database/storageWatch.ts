// Whether the data file can be written, for /health and the log, which hears of a failure once and of its end once.
import type { Logger } from '../logger.ts'
import { Outage } from '../outage.ts'
import { storageProblem } from './storageProblem.ts'

export type StorageWatch = {
  /** With the name of the file; undefined while all is well. */
  problem(): string | undefined
  /** What to throw for a statement that failed. */
  failed(error: unknown): unknown
  wrote(): void
}

export function createStorageWatch(options: {
  readonly path: string
  readonly logger?: Logger | undefined
}): StorageWatch {
  const { path, logger } = options
  let problem: string | undefined
  return {
    problem: () => problem,
    failed(error) {
      const explained = storageProblem(error)
      if (explained === undefined) return error
      const message = `${path}: ${explained}`
      if (message !== problem) logger?.error({ file: path }, `the data file cannot be used: ${message}`)
      problem = message
      const toCaller =
        'The service cannot write to its disk at the moment: nothing was changed, try again later'
      return new Outage(toCaller, message, { cause: error })
    },
    wrote() {
      if (problem === undefined) return
      problem = undefined
      logger?.info({ file: path }, 'the data file is written again')
    },
  }
}
