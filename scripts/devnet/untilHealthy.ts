// Waits until a child answers that it is fit to serve, and says why when it ends instead.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './childProcess.ts'
import { DevnetError } from './devnetError.ts'

const lookEveryMilliseconds = 50
/** Only a bound on a start that hangs: what ends, ends at once. */
const patienceMilliseconds = 120_000

/** Throws `DevnetError` when the child ends or stays unfit; rethrows the signal's reason when aborted. */
export async function untilHealthy(
  child: Child,
  options: { readonly isHealthy: () => Promise<boolean>; readonly signal: AbortSignal },
): Promise<void> {
  const { isHealthy, signal } = options
  let end: string | undefined
  let lastProblem: unknown
  void child.ended.then(reason => {
    end = reason
  })
  const givenUpAt = performance.now() + patienceMilliseconds
  for (;;) {
    signal.throwIfAborted()
    if (end !== undefined) throw new DevnetError(end)
    try {
      if (await isHealthy()) return
    } catch (error) {
      lastProblem = error
    }
    if (performance.now() > givenUpAt) {
      throw new DevnetError(
        `The ${child.name} did not become healthy within two minutes: ${child.lastWords()}`,
        {
          cause: lastProblem,
        },
      )
    }
    await sleep(lookEveryMilliseconds)
  }
}

/** The daemons' own judgement: GET /health answers 200. */
export async function answersHealthy(url: string): Promise<boolean> {
  const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(2_000) })
  await response.body?.cancel()
  return response.ok
}
