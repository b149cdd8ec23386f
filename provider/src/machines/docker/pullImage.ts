// Fetches one image, within what the host has for it.
import type Docker from 'dockerode'
import type { Outcome } from '../../outcome.ts'
import { refuse } from '../checkSpec.ts'
import type { MachineRefusal } from '../machineDriver.ts'
import type { DiskReserve } from './diskReserve.ts'
import { engineWords, statusOf } from './engineErrors.ts'
import { progressEvents } from './progressEvents.ts'
import { defaultPullBounds, type PullBounds, type PullEnd, watchPull } from './pullWatch.ts'

export async function pullImage(
  docker: Docker,
  asked: {
    readonly image: string
    readonly login: Docker.AuthConfig | undefined
    readonly reserve: DiskReserve
    /** Nobody waits for it any more. */
    readonly signal?: AbortSignal | undefined
    readonly bounds?: PullBounds
  },
): Promise<Outcome<undefined, MachineRefusal>> {
  const { image, login, reserve, signal, bounds = defaultPullBounds } = asked
  const shortage = await reserve.shortage()
  if (shortage !== undefined) return broken(image, { code: 'no-room', reason: shortage })
  const watch = watchPull({ bounds, reserve, unwanted: signal })
  try {
    const progress = await docker.pull(image, {
      ...(login !== undefined && { authconfig: login }),
      abortSignal: watch.signal,
    })
    // The engine gives it up when nobody listens any more.
    const leave = (): void => void (progress as unknown as { destroy(): void }).destroy()
    watch.signal.addEventListener('abort', leave, { once: true })
    let failure: string | undefined
    for await (const { error } of progressEvents(progress as unknown as AsyncIterable<Uint8Array>)) {
      watch.heard()
      failure ??= error
    }
    const end = watch.end()
    if (end !== undefined) return broken(image, end)
    return failure === undefined ? { ok: true, value: undefined } : refused(image, failure)
  } catch (error) {
    const end = watch.end()
    if (end !== undefined) return broken(image, end)
    // Without a status, it was the engine that did not answer.
    if (statusOf(error) === undefined) throw error
    return refused(image, engineWords(error))
  } finally {
    watch.close()
  }
}

function broken(image: string, { code, reason }: PullEnd): Outcome<undefined, MachineRefusal> {
  if (code === 'no-such-image') return refused(image, reason)
  const what = code === 'no-room' ? 'There is no room for the image' : 'Nobody waits any more for the image'
  return refuse(code, `${what} ${image}: ${reason}`)
}

function refused(image: string, reason: string): Outcome<undefined, MachineRefusal> {
  const message = `The image ${image} cannot be fetched: ${reason.slice(0, 300)}. Check its name and the login to its registry`
  return refuse('no-such-image', message)
}
