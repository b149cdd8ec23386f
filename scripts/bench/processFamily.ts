// Memory and processor time of a process and all it started, as Linux counts them. Unlike latencies, the time does not
// depend on what else the machine does.
import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory. NaN where there is no /proc. */
export function familyMebibytes(root: number): number {
  return sumOver(root, pid => readStatus(pid, 'VmRSS') / 1024)
}

/** Of those that still run. NaN where there is no /proc. */
export function familyCpuMilliseconds(root: number): number {
  return sumOver(root, cpuMilliseconds)
}

function sumOver(root: number, read: (pid: number) => number): number {
  let names: readonly string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return Number.NaN
  }
  const pids = names.map(Number).filter(Number.isInteger)
  const parents = new Map(pids.map(pid => [pid, readStatus(pid, 'PPid')]))
  const family = pids.filter(pid => isWithin(pid, root, parents))
  return family.reduce((sum, pid) => sum + read(pid), 0)
}

function isWithin(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === root) return true
  }
  return false
}

/** A number of /proc/<pid>/status, memory in KiB; 0 when the process has ended meanwhile. */
function readStatus(pid: number, field: 'PPid' | 'VmRSS'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** USER_HZ, which is the same on every Linux that Node runs on. */
const tickMilliseconds = 10

/** Of it alone; 0 when it has ended, or there is no /proc. */
export function cpuMilliseconds(pid: number): number {
  try {
    // Behind the name, which may hold anything: the 12th and 13th fields are ticks in user and in system mode.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMilliseconds
  } catch {
    return 0
  }
}
