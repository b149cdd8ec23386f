// The next act for a lease that was handed over: its machine runs while time is paid for, a ping is answered only for a
// machine that runs, and nobody pays for one that does not come up.
import { type Act, isUp, type LeaseAtHead, mostFailedStarts, type Situation } from './situation.ts'

export function runningAct(situation: Situation, lease: LeaseAtHead): Act {
  const { machine } = situation
  if (lease.ping !== undefined && lease.blockNumber > lease.ping.deadlineBlock) {
    // Anyone may claim the fault now, and the provider may not stop: the meter ended with the ping.
    return isUp(machine) ? { kind: 'freeze' } : { kind: 'wait', forWhat: 'chain' }
  }
  if (lease.usedSeconds >= lease.maximumSeconds) {
    return isUp(machine) ? { kind: 'freeze' } : { kind: 'stop', reason: 'its time is used up' }
  }
  switch (machine) {
    case 'frozen':
      return { kind: 'thaw' }
    case 'starting':
      return { kind: 'wait', forWhat: 'machine' }
    case 'running':
      return upAct(lease)
    default:
      return downAct(situation, lease)
  }
}

function upAct(lease: LeaseAtHead): Act {
  if (lease.state === 'paused') return { kind: 'resume' }
  // In the last block of the time nothing that is sent lands in time.
  return lease.ping !== undefined && lease.blockNumber < lease.ping.deadlineBlock
    ? { kind: 'pong' }
    : { kind: 'wait', forWhat: 'chain' }
}

function downAct(situation: Situation, lease: LeaseAtHead): Act {
  const { verdict, preparation, failedStarts, wasStartedInThisBlock, mayPause } = situation
  // What it wants is read again after a restart of the daemon.
  if (verdict === 'open') return { kind: 'judge' }
  if (verdict !== 'taken') return { kind: 'stop', reason: verdict.reason }
  if (failedStarts.count >= mostFailedStarts) return { kind: 'stop', reason: failedStarts.reason }
  const isPausable = lease.state === 'ready' && lease.ping === undefined && mayPause
  if (failedStarts.count > 1 && isPausable) return { kind: 'pause', reason: failedStarts.reason }
  if (preparation === 'none') return { kind: 'prepare' }
  if (preparation === 'underWay') return { kind: 'wait', forWhat: 'machine' }
  if (preparation !== 'done') return { kind: 'stop', reason: preparation.reason }
  return wasStartedInThisBlock ? { kind: 'wait', forWhat: 'chain' } : { kind: 'start' }
}
