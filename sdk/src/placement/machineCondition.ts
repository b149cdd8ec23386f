// Judges from a lease what has become of a rented machine: whether it is to come, runs, has done its time, or is lost and
// to be replaced.
import { type Address, isAddressEqual } from 'viem'
import type { Lease } from '../actions/lease/lease.ts'

/** `gone`: a reorganisation took the lease, or its id is another's. */
export type MachineCondition = 'waiting' | 'running' | 'ended' | 'lost' | 'gone'

export type MachineJudgement = {
  readonly condition: MachineCondition
  /** As a sentence without its subject: `it was not accepted in time`. */
  readonly why: string
}

/** `stoppedBy`: who stopped it, if anybody did. */
export function machineCondition(
  lease: Lease,
  { payer, stoppedBy }: { readonly payer: Address; readonly stoppedBy: Address | undefined },
): MachineJudgement {
  if (lease.state === 'none' || !isAddressEqual(lease.payer, payer)) {
    return { condition: 'gone', why: 'its lease is not on the chain: a reorganisation took it' }
  }
  switch (lease.state) {
    case 'locked':
      return isPast(lease, lease.deadlineBlock)
        ? { condition: 'lost', why: 'its provider did not accept it in time' }
        : { condition: 'waiting', why: `its provider has until block ${lease.deadlineBlock} to accept it` }
    case 'accepted':
      return isPast(lease, lease.deadlineBlock)
        ? { condition: 'lost', why: 'its provider accepted it and did not make it ready in time' }
        : {
            condition: 'waiting',
            why: `its provider has until block ${lease.deadlineBlock} to make it ready`,
          }
    case 'ready':
    case 'paused':
      return whileItRuns(lease)
    case 'expired':
      return { condition: 'lost', why: 'its provider did not hand it over in time' }
    case 'faulted':
      return { condition: 'lost', why: 'its provider left a ping unanswered' }
    default:
      return afterItsEnd(lease, stoppedBy)
  }
}

function whileItRuns(lease: Lease): MachineJudgement {
  if (isPast(lease, lease.ping?.deadlineBlock)) {
    return { condition: 'lost', why: 'its provider left a ping unanswered' }
  }
  if (lease.usedSeconds >= lease.maximumSeconds) return { condition: 'ended', why: 'its time is used up' }
  return lease.state === 'paused'
    ? { condition: 'running', why: 'its provider paused it, unmetered' }
    : { condition: 'running', why: `it has ${lease.maximumSeconds - lease.usedSeconds} seconds left` }
}

function afterItsEnd(lease: Lease, stoppedBy: Address | undefined): MachineJudgement {
  if (lease.usedSeconds >= lease.maximumSeconds) return { condition: 'ended', why: 'its time is used up' }
  if (stoppedBy !== undefined && isAddressEqual(stoppedBy, lease.provider)) {
    return { condition: 'lost', why: `its provider stopped it after ${lease.usedSeconds} seconds` }
  }
  return { condition: 'ended', why: `it was stopped after ${lease.usedSeconds} seconds` }
}

/** A provider may still act in the deadline's own block. */
function isPast(lease: Lease, deadlineBlock: bigint | undefined): boolean {
  return deadlineBlock !== undefined && lease.blockNumber > deadlineBlock
}
