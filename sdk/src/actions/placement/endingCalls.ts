// What pays a lost lease out, by the state in which it was lost; no calls if that is done.
import type { Call } from '../../account/call.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { claimFault } from '../lease/claimFault.ts'
import { expireLease } from '../lease/expireLease.ts'
import type { Lease } from '../lease/lease.ts'
import { stopLease } from '../lease/stopLease.ts'

export function endingCalls({
  contracts,
  lease,
}: WithContracts & { readonly lease: Lease }): readonly Call[] {
  const { leaseId, state } = lease
  if (state === 'locked' || state === 'accepted') return expireLease.calls({ contracts, leaseId })
  if (state === 'ready' || state === 'paused') return claimFault.calls({ contracts, leaseId })
  return stopLease.calls({ contracts, leaseId, state })
}
