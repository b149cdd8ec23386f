// What the daemon remembers of one lease while it runs. All is found out again after a restart, but for the block since
// which nothing entitled its machine to be: the book has it too.
import type { LeaseRequest } from './requests.ts'
import type { Situation } from './situation.ts'

export type LeaseMemory = {
  request: LeaseRequest | undefined
  /** A reorg may have given the number to another lease: what it asks for is to be read again. */
  isDoubted: boolean
  verdict: Situation['verdict']
  preparation: Situation['preparation']
  /** Ends the preparation that is under way. */
  preparing: AbortController | undefined
  /** Of the machine that was started last. */
  answers: 'no' | 'underWay' | 'yes'
  failedStarts: Situation['failedStarts']
  startedAtBlock: bigint | undefined
  mayPause: boolean
  /** The first head at which nothing entitled its machine to be, of those in a row. */
  unentitledSince: bigint | undefined
  /** Pauses that were seen: each is a purpose of its own. */
  pauses: number
  isPaused: boolean
  /** What was last sent for it. */
  sentPurpose: string | undefined
  /** For the operator: why nothing happens, or what does. */
  note: string | undefined
}

export function newLeaseMemory(): LeaseMemory {
  return {
    request: undefined,
    isDoubted: true,
    verdict: 'open',
    preparation: 'none',
    preparing: undefined,
    answers: 'no',
    failedStarts: { count: 0, reason: '' },
    startedAtBlock: undefined,
    mayPause: true,
    unentitledSince: undefined,
    pauses: 0,
    isPaused: false,
    sentPurpose: undefined,
    note: undefined,
  }
}

/**
 * What to go on with once the request was read again. Another lease than the one remembered has nothing of its verdict,
 * image and failed starts, nor of what is still under way for it; only what counts for the number goes on.
 */
export function confirmRequest(memory: LeaseMemory, request: LeaseRequest): LeaseMemory {
  if (memory.request === undefined || memory.request.terms === request.terms) {
    return Object.assign(memory, { request, verdict: 'open' })
  }
  memory.preparing?.abort()
  const { unentitledSince, pauses, isPaused, isDoubted } = memory
  return { ...newLeaseMemory(), request, unentitledSince, pauses, isPaused, isDoubted }
}

/** Other rules are in force: who was refused is judged anew. */
export function doubtRefusal(memory: LeaseMemory): void {
  if (typeof memory.verdict === 'object') memory.verdict = 'open'
}
