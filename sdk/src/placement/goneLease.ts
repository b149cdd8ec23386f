// What stands for a lease that is not on the chain any more: nobody's, worth nothing, of the machine that was planned.
import { zeroAddress, zeroHash } from 'viem'
import type { Lease } from '../actions/lease/lease.ts'
import type { PlannedMachine } from '../actions/placement/plan.ts'

export function goneLease(leaseId: bigint, planned: PlannedMachine, blockNumber: bigint): Lease {
  const { provider, offerId, units, pricePerSecondWei, seconds } = planned
  return {
    leaseId,
    state: 'none',
    payer: zeroAddress,
    provider,
    offerId,
    units,
    pricePerSecondWei,
    maximumSeconds: seconds,
    limitSeconds: seconds,
    usedSeconds: 0,
    escrowWei: 0n,
    costWei: 0n,
    refundWei: 0n,
    bondWei: 0n,
    imageDigest: zeroHash,
    broker: undefined,
    deadlineBlock: undefined,
    access: undefined,
    ping: undefined,
    blockNumber,
  }
}
