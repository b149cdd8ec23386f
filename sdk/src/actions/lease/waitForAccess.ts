// Waits until a rented machine is handed over, and opens the way to it.
import type { Client } from 'viem'
import { type BlocksElapsedError, pollByBlocks } from '../../account/pollByBlocks.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { LeaseAccess } from '../../sealing/leaseAccess.ts'
import { getLease } from './getLease.ts'
import {
  type OpenLeaseAccessErrorType,
  type OpenLeaseAccessParameters,
  openLeaseAccess,
} from './openLeaseAccess.ts'

export type WaitForAccessParameters = OpenLeaseAccessParameters & {
  /** Blocks after which to give up. Default: 300, more than a provider has. */
  readonly timeoutBlocks?: bigint | undefined
}
export type WaitForAccessReturnType = LeaseAccess
/** A `ComputeError` too if the lease ends before it is ready, or if its access does not open. */
export type WaitForAccessErrorType = OpenLeaseAccessErrorType | BlocksElapsedError

/**
 * Waits until the machine of a lease is ready and returns how to reach it.
 *
 * @example
 * import { waitForAccess } from '@worldland-aa/sdk/actions/lease/waitForAccess'
 *
 * const { ssh } = await waitForAccess(publicClient, { contracts, leaseId: 1n, accessKey: accessKeys })
 */
export async function waitForAccess(
  client: Client | SmartAccountClient,
  parameters: WaitForAccessParameters,
): Promise<WaitForAccessReturnType> {
  const { contracts, leaseId, timeoutBlocks = 300n } = parameters
  const chainClient = chainClientOf(client)
  const state = await pollByBlocks(chainClient, {
    what: `Handing over the machine of lease ${leaseId}`,
    timeoutBlocks,
    look: async () => {
      const lease = await getLease(chainClient, { contracts, leaseId })
      return lease.state === 'locked' || lease.state === 'accepted' ? undefined : lease.state
    },
  })
  const opened = await openLeaseAccess(chainClient, parameters)
  if (opened.ok) return opened.access
  if (state === 'expired' || state === 'settled') {
    throw new ComputeError({
      problem: `Lease ${leaseId} is ${state}: ${opened.problem}`,
      remedy: 'Its money has been refunded; take another offer.',
    })
  }
  throw new ComputeError(opened)
}
