// Why operations were turned away in the last hour, counted by the minute: bounded, whatever anybody sends.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Clock } from '@worldland-aa/service/clock'
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import type { Refusal } from '@worldland-aa/service/result'

export type RefusalCount = { readonly reason: string; readonly code: number; readonly count: number }

export type RefusalTally = {
  add(refusal: Refusal): void
  /** Of the last hour, most frequent first. */
  counts(): readonly RefusalCount[]
}

const minuteMilliseconds = 60_000
const minutes = 60
/** Of a minute; beyond that a reason counts as `other`. */
const mostReasons = 50

export function createRefusalTally(clock: Clock): RefusalTally {
  /** The oldest first. */
  let buckets: { readonly minute: number; readonly counts: Map<string, RefusalCount> }[] = []
  const thisMinute = (): number => Math.floor(clock.now() / minuteMilliseconds)

  function current(): Map<string, RefusalCount> {
    const minute = thisMinute()
    buckets = buckets.filter(bucket => bucket.minute > minute - minutes && bucket.minute <= minute)
    const last = buckets.at(-1)
    if (last?.minute === minute) return last.counts
    const counts = new Map<string, RefusalCount>()
    buckets.push({ minute, counts })
    return counts
  }

  return {
    add(refusal) {
      const counts = current()
      const named = { reason: reasonOf(refusal), code: refusal.code }
      const isNew = !counts.has(keyOf(named))
      const { reason, code } = isNew && counts.size >= mostReasons ? { reason: 'other', code: 0 } : named
      const key = keyOf({ reason, code })
      counts.set(key, { reason, code, count: (counts.get(key)?.count ?? 0) + 1 })
    },
    counts() {
      current()
      const sums = new Map<string, RefusalCount>()
      for (const bucket of buckets) {
        for (const [key, { reason, code, count }] of bucket.counts) {
          sums.set(key, { reason, code, count: (sums.get(key)?.count ?? 0) + count })
        }
      }
      return [...sums.values()].sort((one, other) => other.count - one.count)
    },
  }
}

/** The same method, whose refusals are counted. */
export function tallied(method: RpcMethod, tally: RefusalTally): RpcMethod {
  return async (params, context) => {
    const result = await method(params, context)
    if (!result.ok) tally.add(result.refusal)
    return result
  }
}

function keyOf({ reason, code }: { reason: string; code: number }): string {
  return `${code} ${reason}`
}

/** The rule of ERC-7562 or the AAxx that names it, else what the code stands for: messages hold what callers choose. */
function reasonOf({ code, message, data }: Refusal): string {
  const rule = (data as { rule?: unknown } | undefined)?.rule
  if (typeof rule === 'string' && /^[A-Z0-9-]{2,12}$/.test(rule)) return rule
  const aa = /\bAA\d\d\b/.exec(message)?.[0]
  if (aa !== undefined) return aa
  const [name] = Object.entries(rejectionCode).find(([, known]) => known === code) ?? []
  return name ?? 'other'
}
