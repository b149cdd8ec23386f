// Ctrl-C and SIGTERM as an AbortSignal, so that a start can be broken off as well as a run.

/** A second signal ends the process at once; the watchdog then ends what it had started. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.kill(process.pid, 'SIGKILL')
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  return controller.signal
}

export async function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return undefined
  return await new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
