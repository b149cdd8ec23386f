// One machine that is a plain process: what its folder and /proc say of it together, and what is done to it. All of it is
// told anew from there each time, so that it does not matter which life of the daemon began it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine, MachineState } from '../machineDriver.ts'
import { machinesHost } from './freePorts.ts'
import {
  isNoted,
  type MachineFolder,
  type MachineRecord,
  readExitCode,
  readIdentity,
  readRecord,
  removeFolder,
  removeNotes,
  writeNote,
} from './machineFolder.ts'
import { type Family, killMembers, sendSignal, signalMembers, stopMembers } from './members.ts'
import { isAlive } from './processTable.ts'

/** For the supervisor to write down the end, once nothing of the machine runs. */
const lastWordMilliseconds = 2_000

export function readMachine(folder: MachineFolder): Machine | undefined {
  const record = readRecord(folder)
  if (record === undefined) return undefined
  const state = stateOf(folder)
  const exitCode = state === 'exited' ? readExitCode(folder) : undefined
  const ports = Object.entries(record.hostPorts).map(
    ([port, hostPort]) => [port, { host: machinesHost, port: hostPort }] as const,
  )
  return {
    key: record.key,
    owner: record.owner,
    state,
    ...(exitCode !== undefined && { exitCode }),
    ports: Object.fromEntries(ports),
    workspace: folder.workspace,
    startedAtMilliseconds: record.startedAtMilliseconds,
  }
}

export function stateOf(folder: MachineFolder): MachineState {
  if (readExitCode(folder) !== undefined) return 'exited'
  if (isRunning(folder, 'leader')) return isNoted(folder, 'frozen') ? 'frozen' : 'running'
  // The first process is about to begin, or has ended and the supervisor is about to say so.
  return isRunning(folder, 'supervisor') ? 'starting' : 'exited'
}

/** What the first process left behind when it ended goes with it, as a container's processes do. */
export async function endLeftovers(folder: MachineFolder): Promise<void> {
  const record = readRecord(folder)
  if (record !== undefined && stateOf(folder) === 'exited') await killMembers(familyOf(folder, record))
}

export async function freezeMachine(folder: MachineFolder): Promise<void> {
  const record = readRecord(folder)
  if (record === undefined || stateOf(folder) === 'exited') return
  // Noted first: who dies between the two leaves a machine that is known to need a thaw.
  writeNote(folder, 'frozen')
  await stopMembers(familyOf(folder, record))
}

export function thawMachine(folder: MachineFolder): void {
  const record = readRecord(folder)
  if (record === undefined) return
  signalMembers(familyOf(folder, record), 'SIGCONT')
  removeNotes(folder, ['frozen'])
}

export async function stopMachine(folder: MachineFolder, graceSeconds: number): Promise<void> {
  const record = readRecord(folder)
  if (record === undefined) return
  const family = familyOf(folder, record)
  // A frozen one would have to be given its processors back in order to take leave.
  if (stateOf(folder) === 'running' && graceSeconds > 0) {
    signalMembers(family, 'SIGTERM')
    await until(() => stateOf(folder) === 'exited', graceSeconds * 1_000)
  }
  await killMembers(family)
  await until(() => !isRunning(folder, 'supervisor'), lastWordMilliseconds)
  removeNotes(folder, ['frozen'])
}

/** Once it has ended and all that it printed is in its file, or what keeps that is late: something else may hold it open. */
export function endOfLogs(folder: MachineFolder): () => boolean {
  let endedAtMilliseconds: number | undefined
  return () => {
    if (stateOf(folder) !== 'exited') return false
    endedAtMilliseconds ??= Date.now()
    return !isRunning(folder, 'supervisor') || Date.now() - endedAtMilliseconds > lastWordMilliseconds
  }
}

export async function wipeMachine(folder: MachineFolder): Promise<void> {
  await stopMachine(folder, 0)
  const supervisor = readIdentity(folder, 'supervisor')
  // Its own group, of which the machine is none: the shell and what keeps the logs.
  if (supervisor !== undefined && isAlive(supervisor)) sendSignal(-supervisor.pid, 'SIGKILL')
  await removeFolder(folder)
}

function familyOf(folder: MachineFolder, record: MachineRecord): Family {
  const leader = readIdentity(folder, 'leader')
  const supervisor = readIdentity(folder, 'supervisor')
  return {
    mark: record.mark,
    // Once it has ended, its number may be another's; its session's may be as long as none of its members is left.
    leader: leader !== undefined && isAlive(leader) ? leader.pid : undefined,
    keepers: supervisor !== undefined && isAlive(supervisor) ? [supervisor.pid] : [],
  }
}

function isRunning(folder: MachineFolder, note: 'supervisor' | 'leader'): boolean {
  const identity = readIdentity(folder, note)
  return identity !== undefined && isAlive(identity)
}

async function until(isSo: () => boolean, patienceMilliseconds: number): Promise<void> {
  const end = Date.now() + patienceMilliseconds
  while (!isSo() && Date.now() < end) await sleep(20)
}
