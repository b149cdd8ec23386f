// A provider's machines outlive its daemon, as they should; a test's do not outlive the test. What works below the
// test's own folder is the test's.
import { readdirSync, readlinkSync } from 'node:fs'
import { sep } from 'node:path'

export function endMachinesIn(folder: string): void {
  for (const name of processes()) {
    try {
      if (readlinkSync(`/proc/${name}/cwd`).startsWith(folder + sep)) process.kill(Number(name), 'SIGKILL')
    } catch {
      // It has gone meanwhile, or is another account's.
    }
  }
}

/** None where the system does not show them. */
function processes(): readonly string[] {
  try {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name))
  } catch {
    return []
  }
}
