// Resident memory of a process and all it started, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs'

/** NaN where there is no /proc. */
export function familyMebibytes(root: number): number {
  let names: readonly string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return Number.NaN
  }
  const pids = names.map(Number).filter(Number.isInteger)
  const parents = new Map(pids.map(pid => [pid, readStatus(pid, 'PPid')]))
  const family = pids.filter(pid => isWithin(pid, root, parents))
  return family.reduce((sum, pid) => sum + readStatus(pid, 'VmRSS'), 0) / 1024
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
