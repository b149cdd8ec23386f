// Whoever waits for something to become of a job: a client that is held until it is done, or until there is more of its
// stream.
export type JobChanges = {
  /** Resolves at the next change of the job, after so long, or when nobody waits any more. */
  next(jobId: string, milliseconds: number, signal: AbortSignal): Promise<void>
  tell(jobId: string): void
}

export function createJobChanges(): JobChanges {
  const waiting = new Map<string, Set<() => void>>()
  return {
    next(jobId, milliseconds, signal) {
      if (signal.aborted || milliseconds <= 0) return Promise.resolve()
      return new Promise(resolve => {
        const own = waiting.get(jobId) ?? new Set()
        const end = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          own.delete(end)
          if (own.size === 0 && waiting.get(jobId) === own) waiting.delete(jobId)
          resolve()
        }
        const timer = setTimeout(end, milliseconds)
        signal.addEventListener('abort', end)
        own.add(end)
        waiting.set(jobId, own)
      })
    },
    tell(jobId) {
      for (const end of [...(waiting.get(jobId) ?? [])]) end()
    },
  }
}
