// What any caller may take away at once: so many downloads under way, and so many bytes a second on average.
import type { Clock } from '@worldland-aa/service/clock'
import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import type { Outcome } from '../outcome.ts'
import { type FileRefusal, refuse } from './refusal.ts'

export type DownloadBounds = {
  /** `end` it once, when the last byte is sent or the caller is gone. */
  begin(caller: string, bytes: number): Outcome<{ end(): void }, FileRefusal>
}

const mostUnderWay = 256
const mostUnderWayPerCaller = 16

export function createDownloadBounds(options: {
  /** For one caller; 0 means no limit. */
  readonly bytesPerSecond: number
  readonly clock: Clock
}): DownloadBounds {
  const { bytesPerSecond, clock } = options
  const bytesTaken = createRateLimiter({ perSecond: bytesPerSecond, clock })
  const underWay = new Map<string, number>()
  let all = 0

  return {
    begin(caller, bytes) {
      const mine = underWay.get(caller) ?? 0
      if (all >= mostUnderWay || mine >= mostUnderWayPerCaller) {
        return refuse(429, 'Too many downloads are under way: try again when one has ended')
      }
      // A file may be larger than what is left: whoever took it waits until that is paid off.
      if (bytesTaken.secondsUntilSolvent(caller) > 0) {
        return refuse(429, 'Too many bytes went to your address: try again later')
      }
      bytesTaken.charge(caller, bytes)
      all += 1
      underWay.set(caller, mine + 1)
      let isOver = false
      return {
        ok: true,
        value: {
          end() {
            if (isOver) return
            isOver = true
            all -= 1
            const left = (underWay.get(caller) ?? 1) - 1
            if (left === 0) underWay.delete(caller)
            else underWay.set(caller, left)
          },
        },
      }
    },
  }
}
