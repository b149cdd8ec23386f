// Which processes are a machine's, and signals to all of them. A machine's processes make groups and sessions of their
// own, so that the group of the first is not enough: to it belong as well all that carry its mark in the environment, and
// all that descend from either while the line of parents stands. One that clears its environment, makes a session of
// its own and has lost its parent is not found: that takes an isolation which plain processes do not have.
import { setTimeout as sleep } from 'node:timers/promises'
import { hasVariable, type ProcessEntry, readProcesses } from './processTable.ts'

export type Family = {
  /** As it stands in the environment: `NAME=value`. */
  readonly mark: string | undefined
  /** The first process, which leads a session. */
  readonly leader: number | undefined
  /** Never taken for a member: it looks after the machine. */
  readonly keepers: readonly number[]
}

/** A family that begets as fast as it is counted is given up on. */
const mostRounds = 200

export function membersOf(family: Family): readonly ProcessEntry[] {
  const all = readProcesses().filter(({ state }) => state !== 'Z' && state !== 'X')
  const kept = new Set([process.pid, ...family.keepers])
  const found = new Map<number, ProcessEntry>()
  for (const entry of all) {
    const isOfLeader = entry.session === family.leader || entry.pid === family.leader
    if (kept.has(entry.pid) || kept.has(entry.session)) continue
    const isMarked = family.mark !== undefined && hasVariable(entry.pid, family.mark)
    if (isOfLeader || isMarked) found.set(entry.pid, entry)
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const entry of all) {
      if (found.has(entry.parent) && !kept.has(entry.pid)) found.set(entry.pid, entry)
    }
  }
  return [...found.values()]
}

/** Once to each. */
export function signalMembers(family: Family, signal: NodeJS.Signals): void {
  for (const { pid } of membersOf(family)) sendSignal(pid, signal)
}

/** Again until none runs: a process may have begotten another between the look and the signal. */
export async function stopMembers(family: Family): Promise<void> {
  await untilNone(family, 'SIGSTOP', ({ state }) => state !== 'T' && state !== 't')
}

export async function killMembers(family: Family): Promise<void> {
  // Stopped first, so that none begets while the others are killed.
  signalMembers(family, 'SIGSTOP')
  await untilNone(family, 'SIGKILL', () => true)
}

export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself.
  }
}

async function untilNone(
  family: Family,
  signal: NodeJS.Signals,
  isLeft: (entry: ProcessEntry) => boolean,
): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const left = membersOf(family).filter(isLeft)
    if (left.length === 0) return
    for (const { pid } of left) sendSignal(pid, signal)
    await sleep(Math.min(5 + round, 50))
  }
  throw new Error(`processes of a machine do not take ${signal}: it begets faster than it can be stopped`)
}
