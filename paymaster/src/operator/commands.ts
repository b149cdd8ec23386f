// What the operator may ask of the running service, by the control socket or a signal, and what it answers.
import type { ControlAnswer, ControlHandler } from '@worldland-aa/service/control/controlSocket'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { isAddress } from 'viem'
import type { PolicyBook } from '../policy/policyBook.ts'
import { describeSigners } from '../signing/describeSigners.ts'
import type { Signers } from '../signing/signers.ts'
import type { Brake } from './brake.ts'
import { readWho } from './readWho.ts'

export function createOperatorCommands(options: {
  readonly brake: Brake
  readonly policies: Pick<PolicyBook, 'reload' | 'describe'>
  readonly signers: Pick<Signers, 'activate' | 'reload' | 'all'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): ControlHandler {
  const { brake, policies, signers, now } = options

  function named(argument: string | undefined): { who: string } | { refused: ControlAnswer } {
    const who = argument === undefined ? undefined : readWho(argument)
    if (who !== undefined) return { who }
    return {
      refused: no(
        `"${argument ?? ''}" is neither an account (0x and 40 hex digits, with a right checksum where it is in mixed case) nor an IP address`,
      ),
    }
  }

  const handlers: Readonly<Record<string, (argument: string | undefined) => Promise<ControlAnswer>>> = {
    async pause() {
      const failed = await untilRestart(brake.pause(now()))
      return (
        failed ?? yes('Paused: nothing is signed until `worldland-paymaster resume`, also after a restart')
      )
    },
    async resume() {
      await brake.resume()
      return yes('Resumed: operations are signed for again')
    },
    async reload() {
      const reloaded = await policies.reload()
      const keys = await signers.reload()
      if (!reloaded.ok) return no(`The policies in force stay as they are: ${reloaded.refusal.message}`)
      if (!keys.ok) return no(`The keys that were read before stay: ${keys.refusal.message}`)
      const ids = reloaded.value.map(policy => policy.id)
      return yes(
        `${ids.length} policies are in force: ${ids.join(', ') || 'none, so nothing is sponsored'}\n${describeSigners(signers.all())}`,
      )
    },
    async block(argument) {
      const target = named(argument)
      if ('refused' in target) return target.refused
      const failed = await untilRestart(brake.block(target.who, now()))
      return failed ?? yes(`Blocked: nothing is signed for ${target.who}, also after a restart`)
    },
    async unblock(argument) {
      const target = named(argument)
      if ('refused' in target) return target.refused
      const wasBlocked = await brake.unblock(target.who)
      return yes(wasBlocked ? `${target.who} is blocked no more` : `${target.who} was not blocked`)
    },
    async signer(argument) {
      if (argument === undefined || !isAddress(argument)) {
        return no(`"${argument ?? ''}" is no address: 0x and 40 hex digits`)
      }
      const activated = await signers.activate(argument)
      if (activated.ok) return yes(`${activated.value} signs from now on, also after a restart`)
      const { message, data } = activated.refusal
      return no(`${message}: ${(data as { hint: string }).hint}`)
    },
    async status() {
      const since = brake.pausedSince()
      const blocked = brake.blocked()
      return yes(
        [
          since === undefined ? 'signing' : `paused since ${new Date(since * 1000).toISOString()}`,
          `blocked: ${blocked.join(', ') || 'nobody'}`,
          `policies: ${policies.describe()}`,
          describeSigners(signers.all()),
        ].join('\n'),
      )
    },
  }

  return async ({ command, argument }) => {
    const handler = Object.hasOwn(handlers, command) ? handlers[command] : undefined
    if (handler !== undefined) return await handler(argument)
    return no(`"${command}" is none of ${Object.keys(handlers).join(', ')}`)
  }
}

/** The brake holds before the disk has it: where the disk fails, that is what is left. */
async function untilRestart(braking: Promise<void>): Promise<ControlAnswer | undefined> {
  try {
    await braking
    return undefined
  } catch (error) {
    return no(`In force, but only until a restart, for it could not be written: ${reasonOf(error)}`)
  }
}

function yes(message: string): ControlAnswer {
  return { ok: true, message }
}

function no(message: string): ControlAnswer {
  return { ok: false, message }
}
