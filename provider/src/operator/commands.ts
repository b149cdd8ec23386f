// What the operator may ask of the running daemon by the control socket, and what it answers.
import type { ControlAnswer, ControlHandler } from '@worldland-aa/service/control/controlSocket'

export type OperatorQuestions = {
  readonly status: () => Promise<string>
  readonly drain: (on: boolean) => Promise<void>
  readonly earnings: () => Promise<string>
  /** A refusal in words; undefined: it is in force. */
  readonly reload: () => Promise<string | undefined>
}

export function createOperatorCommands(questions: OperatorQuestions): ControlHandler {
  const handlers: Readonly<Record<string, (argument: string | undefined) => Promise<ControlAnswer>>> = {
    status: async () => yes(await questions.status(), { isSecret: true }),
    earnings: async () => yes(await questions.earnings(), { isSecret: true }),
    async drain(argument) {
      const isOn = argument !== 'off'
      await questions.drain(isOn)
      return yes(
        isOn
          ? 'Draining: nothing new is taken, also after a restart; what runs goes on to its end. worldland-provider drain --off ends it'
          : 'New leases and requests are taken again',
      )
    },
    async reload() {
      const refused = await questions.reload()
      return refused === undefined
        ? yes('The market file was read anew')
        : { ok: false, message: `The market file in force stays as it is: ${refused}` }
    },
  }
  return async ({ command, argument }) => {
    const handler = Object.hasOwn(handlers, command) ? handlers[command] : undefined
    if (handler !== undefined) return await handler(argument)
    return { ok: false, message: `"${command}" is none of ${Object.keys(handlers).join(', ')}` }
  }
}

/** `isSecret`: the log need not hold it. */
function yes(message: string, options: { readonly isSecret?: true } = {}): ControlAnswer {
  return { ok: true, message, ...options }
}
