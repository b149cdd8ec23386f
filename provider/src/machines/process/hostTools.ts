// The programs of this host that plain processes are run by: GNU coreutils and util-linux, which every Linux with a
// package manager has. They are looked up once, so that no environment of a machine decides what they are.
import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Outcome } from '../../outcome.ts'
import type { MachineRefusal } from '../machineDriver.ts'

const names = ['setsid', 'env', 'split', 'script', 'stty'] as const

export type HostTools = Readonly<Record<(typeof names)[number], string>>

export const hostPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export function findHostTools(): Outcome<HostTools, MachineRefusal> {
  const found = names.map(name => [name, findProgram(name, { path: hostPath, folder: '/' })] as const)
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name)
  if (process.platform !== 'linux' || missing.length > 0) {
    const message = `Plain processes need Linux with coreutils and util-linux${missing.length > 0 ? `: there is no ${missing.join(', no ')}` : ''}`
    return { ok: false, refusal: { code: 'no-host-tools', message } }
  }
  return { ok: true, value: Object.fromEntries(found) as HostTools }
}

/** As a shell that stands in that folder would. */
export function findProgram(
  name: string,
  from: { readonly path: string; readonly folder: string },
): string | undefined {
  const candidates = name.includes('/')
    ? [isAbsolute(name) ? name : join(from.folder, name)]
    : from.path.split(':').map(part => join(part || from.folder, name))
  return candidates.find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
