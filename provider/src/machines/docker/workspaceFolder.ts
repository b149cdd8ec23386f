// The folder of one container on this host: what it sees as /workspace, and whose it is, so that a machine whose container
// the engine lost is still known, and wiped. The container's root writes there: who is not root has the engine remove it.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { z } from 'zod'
import { isMachineKey } from '../checkSpec.ts'
import type { MachineOwner, MachineSpec } from '../machineDriver.ts'
import { removeTree } from '../removeTree.ts'
import { emptyByEngine } from './emptyByEngine.ts'

const recordName = 'docker.json'
const recordSchema = z.object({ owner: z.enum(['lease', 'worker']), madeAtMilliseconds: z.number() })

export type WorkspaceRecord = { readonly owner: MachineOwner; readonly madeAtMilliseconds: number }

export function workspaceOf(machinesFolder: string, key: string): string {
  if (!isMachineKey(key)) throw new Error(`${JSON.stringify(key)} is no key of a machine`)
  return join(machinesFolder, key, 'workspace')
}

export function makeWorkspace(machinesFolder: string, spec: MachineSpec): string {
  const workspace = workspaceOf(machinesFolder, spec.key)
  mkdirSync(machinesFolder, { recursive: true, mode: 0o700 })
  // Closed to the other accounts of this host, for within it all is open.
  chmodSync(machinesFolder, 0o700)
  // First, so that no workspace is there that nobody knows of.
  if (readWorkspaceRecord(machinesFolder, spec.key) === undefined) writeRecord(machinesFolder, spec)
  if (existsSync(workspace)) return workspace
  mkdirSync(workspace)
  // Whichever account the image runs as.
  chmodSync(workspace, 0o777)
  return workspace
}

/** Whole or not at all, however full the disk is. */
function writeRecord(machinesFolder: string, { key, owner }: MachineSpec): void {
  const record: WorkspaceRecord = { owner, madeAtMilliseconds: Date.now() }
  const path = join(machinesFolder, key, recordName)
  mkdirSync(join(machinesFolder, key), { recursive: true })
  writeFileSync(`${path}.part`, JSON.stringify(record), { mode: 0o600, flush: true })
  renameSync(`${path}.part`, path)
}

export function workspaceKeys(machinesFolder: string): readonly string[] {
  if (!existsSync(machinesFolder)) return []
  return readdirSync(machinesFolder).filter(
    name => isMachineKey(name) && existsSync(join(machinesFolder, name, recordName)),
  )
}

/** One that cannot be read is still of a machine: whose, its key tells. */
export function readWorkspaceRecord(machinesFolder: string, key: string): WorkspaceRecord | undefined {
  const path = join(machinesFolder, key, recordName)
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined) return undefined
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return { owner: key.startsWith('worker-') ? 'worker' : 'lease', madeAtMilliseconds: file.mtimeMs }
  }
}

export async function removeWorkspace(options: {
  readonly docker: Docker
  readonly provider: string
  readonly machinesFolder: string
  readonly key: string
}): Promise<void> {
  const { machinesFolder, key } = options
  const workspace = workspaceOf(machinesFolder, key)
  try {
    await removeTree(workspace)
  } catch {
    await emptyByEngine({ ...options, workspace })
    await removeTree(workspace)
  }
  // Last, so that a wipe that is broken off leaves a machine that is known, and wiped again.
  await removeTree(join(machinesFolder, key))
}
