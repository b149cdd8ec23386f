// What Linux says of its processes (proc(5)). A process is known by its number, the moment it began and the boot that it
// began in: a number alone is given to others later.
import { readdirSync, readFileSync } from 'node:fs'

export type ProcessIdentity = {
  readonly bootId: string
  readonly pid: number
  readonly startTicks: string
}

export type ProcessEntry = {
  readonly pid: number
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
  /** As the kernel numbers it; 0: none. */
  readonly terminal: number
  readonly startTicks: string
}

export function readProcess(pid: number): ProcessEntry | undefined {
  const line = readIfThere(`/proc/${pid}/stat`)
  return line === undefined ? undefined : parseStat(line)
}

export function readProcesses(): readonly ProcessEntry[] {
  return readdirSync('/proc').flatMap(name => {
    const entry = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined
    return entry === undefined ? [] : [entry]
  })
}

/** False as well for one that has ended and waits for its parent to take notice. */
export function isAlive(identity: ProcessIdentity): boolean {
  const entry = readProcess(identity.pid)
  if (entry === undefined || entry.state === 'Z' || entry.state === 'X') return false
  return entry.startTicks === identity.startTicks && identity.bootId === readBootId()
}

export function hasVariable(pid: number, assignment: string): boolean {
  // The empty one is in all: the list ends with a zero byte.
  if (!assignment.includes('=')) return false
  const environment = readIfThere(`/proc/${pid}/environ`)
  return environment?.split('\0').includes(assignment) ?? false
}

/** A process noted itself: its boot, and its own line of proc(5). Undefined while that is not whole. */
export function parseNote(note: string | undefined): ProcessIdentity | undefined {
  const [bootId, line, rest] = note?.split('\n') ?? []
  const entry = line === undefined || rest === undefined ? undefined : parseStat(line)
  if (bootId === undefined || entry === undefined) return undefined
  return { bootId, pid: entry.pid, startTicks: entry.startTicks }
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone meanwhile, or of another account.
    return undefined
  }
}

/** The name stands in brackets and may hold any of them. */
function parseStat(line: string): ProcessEntry | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const pid = Number.parseInt(line, 10)
  const [state, parent, group, session, terminal] = fields
  const startTicks = fields[19]
  if (state === undefined || startTicks === undefined || !Number.isInteger(pid)) return undefined
  return {
    pid,
    state,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    terminal: Number(terminal),
    startTicks,
  }
}

function readBootId(): string | undefined {
  return readIfThere('/proc/sys/kernel/random/boot_id')?.trim()
}
