// Who sends the next bundle? Nobody behind a nonce that is held up: there it would wait with it.
import type { Executor } from './executor.ts'
import { openSlots, unpromisedWei } from './executor.ts'

/** The least busy that can pay `wishedWei`; where nobody can, the richest. Undefined when every one is busy or held up. */
export function freeExecutor(
  executors: Iterable<Executor>,
  terms: {
    readonly wishedWei: bigint
    readonly maxInFlight: number
    readonly isHeldUp: (executor: Executor) => boolean
  },
): Executor | undefined {
  const free = [...executors].filter(
    one => one.setAside === undefined && openSlots(one).length < terms.maxInFlight && !terms.isHeldUp(one),
  )
  const able = free.filter(one => unpromisedWei(one) >= terms.wishedWei)
  if (able.length === 0)
    return free.toSorted((one, other) => (unpromisedWei(one) > unpromisedWei(other) ? -1 : 1))[0]
  return able.reduce((best, one) => (openSlots(one).length < openSlots(best).length ? one : best))
}
