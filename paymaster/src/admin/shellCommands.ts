// What whoever has a shell beside the service may ask: the operator's commands as they are, each written into the audit
// log, and a link into the console.
import type { ControlAnswer, ControlHandler } from '@worldland-aa/service/control/controlSocket'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Actor, roles } from './adminEnvironment.ts'
import type { AuditEntry, AuditLog } from './auditLog.ts'
import type { LiveKind, LiveUpdates } from './liveUpdates.ts'
import { goodForSeconds } from './signIn/firstLink.ts'
import type { SignInLinks } from './signIn/links.ts'

/** Whoever has the control socket is the operator's own account. */
const shell: Actor = { id: 'shell', name: 'shell', role: 'admin' }

/** As the console's own changes of the same are called; what is not here changes nothing. */
const changes: Readonly<Record<string, { readonly action: string; readonly kind: LiveKind }>> = {
  pause: { action: 'brake.pause', kind: 'brake' },
  resume: { action: 'brake.resume', kind: 'brake' },
  block: { action: 'brake.block', kind: 'brake' },
  unblock: { action: 'brake.unblock', kind: 'brake' },
  reload: { action: 'policy.reload', kind: 'policy' },
  signer: { action: 'signer.activate', kind: 'signer' },
}

export function createShellCommands(options: {
  readonly links: SignInLinks
  readonly command: ControlHandler
  readonly audit: AuditLog
  readonly live: LiveUpdates
  /** Whether there is a console to sign in to. */
  readonly isOn: boolean
}): ControlHandler {
  const { links, command, audit, live, isOn } = options

  async function makeLink(argument: string | undefined): Promise<ControlAnswer> {
    if (!isOn) return { ok: false, message: 'The console is off: start the service with --admin on' }
    const role = roles.find(known => known === (argument ?? 'admin'))
    if (role === undefined) {
      return { ok: false, message: `"${argument}" is none of the roles ${roles.join(', ')}` }
    }
    const name = role.charAt(0).toUpperCase() + role.slice(1)
    const { id, url } = await links.make({ name, role, createdBy: 'the shell', goodForSeconds })
    await audit.append({ actor: shell, action: 'user.invite', subject: id, detail: { role } })
    return { ok: true, message: `${url}\nGood for one sign-in as ${role}, within an hour.`, isSecret: true }
  }

  /** What is done is done, and said to be, though the disk takes no entry. */
  async function writeDown(entry: AuditEntry, answer: ControlAnswer): Promise<ControlAnswer> {
    try {
      await audit.append(entry)
      return answer
    } catch (error) {
      return {
        ...answer,
        message: `${answer.message}\nIt could not be written into the audit log: ${reasonOf(error)}`,
      }
    }
  }

  return async asked => {
    if (asked.command === 'sign-in-link') return await makeLink(asked.argument)
    const answer = await command(asked)
    const change = Object.hasOwn(changes, asked.command) ? changes[asked.command] : undefined
    if (!answer.ok || change === undefined) return answer
    live.tell({ kind: change.kind })
    const subject = asked.argument !== undefined && { subject: asked.argument }
    return await writeDown({ actor: shell, action: change.action, ...subject }, answer)
  }
}
