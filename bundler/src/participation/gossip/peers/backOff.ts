// When a peer that could not be reached is tried again: later each time, and not all at once.

export type BackOff = {
  mayTry(peer: string): boolean
  failed(peer: string): void
  succeeded(peer: string): void
  /** Not before that long. */
  shun(peer: string, milliseconds: number): void
}

const mostRemembered = 10_000

export function createBackOff(options: {
  readonly firstMilliseconds: number
  readonly longestMilliseconds: number
  readonly now: () => number
  readonly random: () => number
}): BackOff {
  const { firstMilliseconds, longestMilliseconds, now, random } = options
  const attempts = new Map<string, { failures: number; nextAt: number }>()

  function set(peer: string, failures: number, wait: number): void {
    attempts.delete(peer)
    attempts.set(peer, { failures, nextAt: now() + wait })
    const [oldest] = attempts.keys()
    if (attempts.size > mostRemembered && oldest !== undefined) attempts.delete(oldest)
  }

  return {
    mayTry: peer => (attempts.get(peer)?.nextAt ?? 0) <= now(),
    failed(peer) {
      const failures = (attempts.get(peer)?.failures ?? 0) + 1
      const longest = Math.min(longestMilliseconds, firstMilliseconds * 2 ** Math.min(failures, 20))
      set(peer, failures, longest * (0.5 + 0.5 * random()))
    },
    succeeded: peer => attempts.delete(peer),
    shun: (peer, milliseconds) => set(peer, attempts.get(peer)?.failures ?? 0, milliseconds),
  }
}
