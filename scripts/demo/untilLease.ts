// Watches a lease until it is in a state, or for some blocks, telling every step on the way.
import type { LeaseState } from '@worldland-aa/sdk/actions/lease/lease'
import type { LeaseStep } from '@worldland-aa/sdk/actions/lease/watchLease'
import type { Renter } from './renter.ts'

/** Rejects when the signal aborts or the lease ends in another way. */
export async function untilLease(
  renter: Pick<Renter, 'client'>,
  options: {
    readonly leaseId: bigint
    readonly isReached: (step: LeaseStep) => boolean
    readonly onStep?: (step: LeaseStep) => void
    readonly signal: AbortSignal
  },
): Promise<LeaseStep> {
  const { leaseId, isReached, onStep, signal } = options
  signal.throwIfAborted()
  let unwatch = (): void => undefined
  try {
    return await new Promise<LeaseStep>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      unwatch = renter.client.watchLease({
        leaseId,
        onStep(step) {
          onStep?.(step)
          if (isReached(step)) resolve(step)
          else if (hasFailed(step.lease.state)) reject(new Error(`Lease ${leaseId} is ${step.lease.state}`))
        },
        onError: reject,
      })
    })
  } finally {
    unwatch()
  }
}

function hasFailed(state: LeaseState): boolean {
  return state === 'expired' || state === 'faulted' || state === 'none'
}
