// Ctrl-C and SIGTERM as an AbortSignal, so that a start can be broken off as well as a run.
import { pressCounter } from '@worldland-aa/service/pressCounter'

const lookForParentMilliseconds = 500

/**
 * A second signal, unless it is the same press, ends the process at once; the watchdog then ends what it had started.
 *
 * `npm run` starts commands through a shell, and a SIGTERM to npm ends that shell without a word to the
 * command: so there, the end of the parent counts as a signal too.
 */
export function stopSignal(environment: Readonly<Record<string, string | undefined>>): AbortSignal {
  const controller = new AbortController()
  const press = pressCounter()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (press() === 'again') process.kill(process.pid, 'SIGKILL')
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  if (environment.npm_lifecycle_event !== undefined) {
    const parent = process.ppid
    setInterval(() => {
      if (process.ppid !== parent) controller.abort(new Error('the shell that ran it has ended'))
    }, lookForParentMilliseconds).unref()
  }
  return controller.signal
}

export async function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return undefined
  return await new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
