// What is known of a machine lies in its folder, and nowhere else: a daemon that begins reads what an earlier one left.
//
//   machine.json  what was asked for, its mark and the ports of this host that were given to it
//   supervisor    the shell that looks after it, noted by itself
//   leader        its first process, noted by itself
//   exit-code     written by the supervisor when the first process has ended
//   frozen        there while it is frozen
//   output.log    what it printed last, and before that output.log.1
//   workspace/    its own
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isMachineKey } from '../checkSpec.ts'
import { removeTree } from '../removeTree.ts'
import { type ProcessIdentity, parseNote, readIfThere } from './processTable.ts'

const recordSchema = z.object({
  key: z.string(),
  owner: z.enum(['lease', 'worker']),
  /** Secret enough that no other process carries it by chance. */
  mark: z.string(),
  environment: z.record(z.string(), z.string()),
  hostPorts: z.record(z.string(), z.number()),
  startedAtMilliseconds: z.number(),
})

export type MachineRecord = z.infer<typeof recordSchema>

export type MachineFolder = {
  readonly path: string
  readonly workspace: string
  readonly logFile: string
}

const notes = ['supervisor', 'leader', 'exit-code', 'frozen'] as const
export type Note = (typeof notes)[number]

export function machineFolder(machinesFolder: string, key: string): MachineFolder {
  // Keys are checked where machines are asked for; a folder is never made or deleted on trust in that.
  if (!isMachineKey(key)) throw new Error(`${JSON.stringify(key)} is no key of a machine`)
  const path = join(machinesFolder, key)
  return { path, workspace: join(path, 'workspace'), logFile: join(path, 'output.log') }
}

/** Keys of all machines that have a record; folders without one are of a start or a wipe that was broken off. */
export function machineKeys(machinesFolder: string): readonly string[] {
  if (!existsSync(machinesFolder)) return []
  return readdirSync(machinesFolder).filter(
    name => isMachineKey(name) && existsSync(join(machinesFolder, name, 'machine.json')),
  )
}

/** A container's workspace, of a time when this provider ran them: not ours to delete. */
export function isOfEngine(folder: MachineFolder): boolean {
  return existsSync(join(folder.path, 'docker.json'))
}

export function readRecord(folder: MachineFolder): MachineRecord | undefined {
  const text = readIfThere(join(folder.path, 'machine.json'))
  return text === undefined ? undefined : recordSchema.parse(JSON.parse(text))
}

/** For the daemon's account alone: an environment holds secrets. */
export function writeRecord(folder: MachineFolder, record: MachineRecord): void {
  mkdirSync(folder.workspace, { recursive: true, mode: 0o700 })
  const path = join(folder.path, 'machine.json')
  writeFileSync(`${path}.part`, JSON.stringify(record), { mode: 0o600, flush: true })
  renameSync(`${path}.part`, path)
}

export function readIdentity(
  folder: MachineFolder,
  note: 'supervisor' | 'leader',
): ProcessIdentity | undefined {
  return parseNote(readIfThere(join(folder.path, note)))
}

export function readExitCode(folder: MachineFolder): number | undefined {
  const text = readIfThere(join(folder.path, 'exit-code'))
  return text?.endsWith('\n') ? Number.parseInt(text, 10) : undefined
}

export function isNoted(folder: MachineFolder, note: Note): boolean {
  return existsSync(join(folder.path, note))
}

export function writeNote(folder: MachineFolder, note: Note): void {
  writeFileSync(join(folder.path, note), '')
}

export function removeNotes(folder: MachineFolder, which: readonly Note[] = notes): void {
  for (const note of which) rmSync(join(folder.path, note), { force: true })
}

/** The record goes first, so that a wipe that is broken off leaves no machine behind. */
export async function removeFolder(folder: MachineFolder): Promise<void> {
  rmSync(join(folder.path, 'machine.json'), { force: true })
  await removeTree(folder.path)
}
