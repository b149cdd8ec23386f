// Tells workers which of their jobs are over without them. The package keeps a request open to hear of it.

export type StopSignals = {
  stop(worker: string, jobId: string): void
  /** The jobs to stop; none where there were none within the time. */
  ask(worker: string, signal: AbortSignal): Promise<readonly string[]>
  forget(worker: string): void
}

const heldMilliseconds = 25_000
/** Of one worker that does not ask. */
const mostKept = 1_000

export function createStopSignals(): StopSignals {
  const kept = new Map<string, string[]>()
  const waiting = new Map<string, () => void>()

  function takeKept(worker: string): readonly string[] {
    const ids = kept.get(worker) ?? []
    kept.delete(worker)
    return ids
  }

  return {
    stop(worker, jobId) {
      const ids = kept.get(worker) ?? []
      kept.set(worker, [...ids.slice(-mostKept + 1), jobId])
      waiting.get(worker)?.()
    },
    async ask(worker, signal) {
      // One at a time: who asks anew has given the earlier one up.
      waiting.get(worker)?.()
      if (!kept.has(worker) && !signal.aborted) {
        await new Promise<void>(resolve => {
          const end = (): void => {
            clearTimeout(timer)
            signal.removeEventListener('abort', end)
            if (waiting.get(worker) === end) waiting.delete(worker)
            resolve()
          }
          const timer = setTimeout(end, heldMilliseconds)
          signal.addEventListener('abort', end)
          waiting.set(worker, end)
        })
      }
      return signal.aborted ? [] : takeKept(worker)
    },
    forget(worker) {
      kept.delete(worker)
      waiting.get(worker)?.()
    },
  }
}
