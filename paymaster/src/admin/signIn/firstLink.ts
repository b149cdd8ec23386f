// The ways in that need nobody inside: the link that the first start prints, and the one that whoever has a shell beside
// the service asks for.
import type { ControlAnswer, ControlHandler } from '@worldland-aa/service/control/controlSocket'
import type { Logger } from '@worldland-aa/service/logger'
import { type Actor, type Role, roles } from '../adminEnvironment.ts'
import type { AuditLog } from '../auditLog.ts'
import { isLoopback } from '../consoleOrigin.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import type { Users } from '../users/users.ts'
import type { SignInLinks } from './links.ts'

const goodForSeconds = 3_600
const firstStart = 'the first start'
/** Whoever has the control socket is the operator's own account. */
const shell: Actor = { id: 'shell', name: 'shell', role: 'admin' }
const shellSays = 'the shell'
/** Changes nothing. */
const silent: readonly string[] = ['status']

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

/** The operator's commands as they are, and `sign-in-link`; what changes something is written down. */
export function signInLinkCommand(options: {
  readonly links: SignInLinks
  readonly command: ControlHandler
  readonly audit: AuditLog
  readonly live: LiveUpdates
  readonly isOn: boolean
}): ControlHandler {
  const { links, command, audit, live, isOn } = options

  async function makeLink(argument: string | undefined): Promise<ControlAnswer> {
    if (!isOn) return { ok: false, message: 'The console is off: start the service with --admin on' }
    const role = roles.find(known => known === (argument ?? 'admin')) satisfies Role | undefined
    if (role === undefined) {
      return { ok: false, message: `"${argument}" is none of the roles ${roles.join(', ')}` }
    }
    const { id, url } = await links.make({
      name: role.charAt(0).toUpperCase() + role.slice(1),
      role,
      createdBy: shellSays,
      goodForSeconds,
    })
    await audit.append({ actor: shell, action: 'user.invite', subject: id, detail: { role } })
    return { ok: true, message: `${url}\nGood for one sign-in as ${role}, within an hour.`, isSecret: true }
  }

  return async asked => {
    if (asked.command === 'sign-in-link') return await makeLink(asked.argument)
    const answer = await command(asked)
    if (!answer.ok || silent.includes(asked.command)) return answer
    await audit.append({
      actor: shell,
      action: `brake.${asked.command}`,
      ...(asked.argument !== undefined && { subject: asked.argument }),
    })
    live.tell({ kind: asked.command === 'reload' ? 'policy' : 'brake' })
    return answer
  }
}
