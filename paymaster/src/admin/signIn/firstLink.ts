// The first way in, which needs nobody inside: the link that every start prints until somebody has come in.
import type { Logger } from '@worldland-aa/service/logger'
import { isLoopback } from '../consoleOrigin.ts'
import type { Users } from '../users/users.ts'
import type { SignInLinks } from './links.ts'

/** For who reads it where the service was just started. */
export const goodForSeconds = 3_600
const firstStart = 'the first start'

export function createFirstLink(options: {
  readonly users: Users
  readonly links: SignInLinks
  readonly consoleOrigin: () => string
  readonly isOn: boolean
  readonly logger: Logger
}) {
  const { users, links, consoleOrigin, isOn, logger } = options
  return {
    /** While nobody can come in: a new link at every start, the one before being good no more. */
    async tell(): Promise<void> {
      if (!isOn) return logger.info('the console and the admin API are off: --admin on serves them')
      const { protocol, hostname } = new URL(consoleOrigin())
      if (protocol !== 'https:' && !isLoopback(hostname)) {
        logger.warn(
          { consoleOrigin: consoleOrigin() },
          'the console is without TLS: its cookie can be read on the way, and browsers refuse passkeys; put https in --console-origin and before the service',
        )
      }
      const console = `${consoleOrigin()}/console/`
      if (!(await users.isEmpty())) return logger.info({ console }, 'the console is served')
      await links.withdrawAllOf(firstStart)
      const { url } = await links.make({
        name: 'Admin',
        role: 'admin',
        createdBy: firstStart,
        goodForSeconds,
      })
      logger.info(
        { console, signIn: url, goodForSeconds },
        'nobody may come into the console yet: sign in once',
      )
      if (!process.stderr.isTTY) return
      process.stderr.write(
        `\n  The console: ${url}\n  Good for one sign-in, within an hour; after that run \`worldland-paymaster sign-in-link\`.\n\n`,
      )
    },
  }
}
