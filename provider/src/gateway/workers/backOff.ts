// Waits longer after each start of a worker that failed, and says what went wrong: an image that does not work must not
// be started all day.
import type { Clock } from '@worldland-aa/service/clock'

export type BackOff = {
  failed(endpointId: string, problem: string): void
  /** There is no room on this host: nobody's fault, and soon there may be. */
  full(endpointId: string, problem: string): void
  worked(endpointId: string): void
  mayStart(endpointId: string): boolean
  /** With when it is tried again; undefined while all is well. */
  problem(endpointId: string): string | undefined
}

type Failures = { readonly count: number; readonly problem: string; readonly untilMilliseconds: number }

const firstMilliseconds = 2_000
const longestMilliseconds = 300_000
const fullMilliseconds = 2_000

export function createBackOff(clock: Clock): BackOff {
  const failures = new Map<string, Failures>()
  return {
    failed(endpointId, problem) {
      const count = (failures.get(endpointId)?.count ?? 0) + 1
      const pause = Math.min(longestMilliseconds, firstMilliseconds * 2 ** Math.min(count - 1, 20))
      failures.set(endpointId, { count, problem, untilMilliseconds: clock.now() + pause })
    },
    full(endpointId, problem) {
      const count = failures.get(endpointId)?.count ?? 0
      failures.set(endpointId, { count, problem, untilMilliseconds: clock.now() + fullMilliseconds })
    },
    worked: endpointId => void failures.delete(endpointId),
    mayStart: endpointId => clock.now() >= (failures.get(endpointId)?.untilMilliseconds ?? 0),
    problem(endpointId) {
      const known = failures.get(endpointId)
      if (known === undefined) return undefined
      const seconds = Math.max(0, Math.ceil((known.untilMilliseconds - clock.now()) / 1_000))
      const times = known.count === 0 ? '' : `${known.count} in a row; `
      return `${known.problem} (${times}tried again in ${seconds} s)`
    },
  }
}
