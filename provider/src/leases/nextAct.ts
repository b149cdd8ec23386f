// What to do next for one lease, from nothing but its situation. Done again and again, whatever was cut short before, it
// ends with chain and machine in agreement: what is paid runs, what is not stands still, what is over is gone.
import { runningAct } from './runningAct.ts'
import {
  type Act,
  hasEnded,
  isHandedOver,
  isLate,
  isUp,
  type LeaseAtHead,
  mostFailedStarts,
  type Situation,
} from './situation.ts'

/** Two branches may take turns for a moment, and a stop that was sent on one must not land on the other. */
const doubtBlocks = 2

export function nextAct(situation: Situation): Act {
  const { lease, machine, isMachineOfLease } = situation
  if (lease === undefined || hasEnded(lease)) return deadAct(situation)
  if (!isMachineOfLease && (machine !== 'none' || isHandedOver(lease))) return strangerAct(situation, lease)
  switch (lease.state) {
    case 'locked':
      return lockedAct(situation, lease)
    case 'accepted':
      return acceptedAct(situation, lease)
    default:
      return runningAct(situation, lease)
  }
}

/** It stands still at once, and is wiped when no reorg can bring the lease back. */
function deadAct({ lease, machine, unentitledBlocks = 0, finalityBlocks }: Situation): Act {
  if (isUp(machine)) return { kind: 'freeze' }
  const isFinal = unentitledBlocks >= finalityBlocks
  if (isFinal && machine !== 'none') return { kind: 'wipe' }
  if (lease?.state === 'stopped') return { kind: 'settle' }
  return isFinal ? { kind: 'forget' } : { kind: 'wait', forWhat: 'chain' }
}

/** The lease that the machine was made for is gone; should it come back, the machine is there. */
function strangerAct({ machine, unentitledBlocks = 0, finalityBlocks }: Situation, lease: LeaseAtHead): Act {
  if (isUp(machine)) return { kind: 'freeze' }
  if (unentitledBlocks >= finalityBlocks && machine !== 'none') return { kind: 'wipe' }
  if (isHandedOver(lease)) {
    // Nobody pays for a machine that there is not, nor is anybody let into one that was another's.
    const isClaimable = lease.ping !== undefined && lease.blockNumber > lease.ping.deadlineBlock
    return unentitledBlocks >= doubtBlocks && !isClaimable
      ? { kind: 'stop', reason: 'it was made ready by what was sent for another lease, before a reorg' }
      : { kind: 'wait', forWhat: 'chain' }
  }
  return isLate(lease)
    ? { kind: 'stop', reason: 'the machine of another lease stood in its place until it was late' }
    : { kind: 'wait', forWhat: 'chain' }
}

function lockedAct({ machine, verdict, isDraining }: Situation, lease: LeaseAtHead): Act {
  // A reorg took the acceptance back: nothing is owed for the machine until it is there again.
  if (isUp(machine)) return { kind: 'freeze' }
  // Who was not answered has its money back, and the units are free again.
  if (isLate(lease)) return { kind: 'stop', reason: 'it was not accepted in time' }
  if (verdict === 'open') return isDraining ? { kind: 'wait', forWhat: 'chain' } : { kind: 'judge' }
  return verdict === 'taken' ? { kind: 'accept' } : { kind: 'wait', forWhat: 'chain' }
}

function acceptedAct(situation: Situation, lease: LeaseAtHead): Act {
  const { machine, verdict, preparation, failedStarts, wasStartedInThisBlock } = situation
  if (isLate(lease)) {
    return isUp(machine) ? { kind: 'freeze' } : { kind: 'stop', reason: 'its machine was not ready in time' }
  }
  if (verdict === 'open') return { kind: 'judge' }
  if (verdict !== 'taken') return { kind: 'stop', reason: verdict.reason }
  if (machine === 'frozen') return { kind: 'thaw' }
  if (machine === 'running' && situation.answers === 'yes') return { kind: 'ready' }
  if (machine === 'running' && situation.answers === 'no') return { kind: 'ask' }
  if (isUp(machine)) return { kind: 'wait', forWhat: 'machine' }
  if (failedStarts.count >= mostFailedStarts) return { kind: 'stop', reason: failedStarts.reason }
  if (preparation === 'none') return { kind: 'prepare' }
  if (preparation === 'underWay') return { kind: 'wait', forWhat: 'machine' }
  if (preparation !== 'done') return { kind: 'stop', reason: preparation.reason }
  return wasStartedInThisBlock ? { kind: 'wait', forWhat: 'chain' } : { kind: 'start' }
}
