// Says in the log that the daemon serves, once it does: where, as whom, from what.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { version } from './version.ts'

export function createAnnouncement(options: {
  readonly url: () => string
  readonly operatorUrl: () => string
  readonly facts: Readonly<Record<string, unknown>>
  readonly logger: Logger
}): Part {
  const { url, operatorUrl, facts, logger } = options
  return {
    name: 'announcement',
    async start() {
      logger.info({ url: url(), operatorUrl: operatorUrl(), ...facts, version }, 'serving')
    },
    async stop() {},
  }
}
