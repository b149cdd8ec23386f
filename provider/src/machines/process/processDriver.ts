// Machines that are plain processes of this host: for hosts without a container engine, and for tests. NO ISOLATION: what
// runs in one has the daemon's own account, sees its files and the other machines, and keeps no bound on processors,
// memory or disk. Nothing is known here that does not lie in the machines' folders.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../../outcome.ts'
import { checkSpec, commandProblem, environmentProblem, isMachineKey, refuse } from '../checkSpec.ts'
import { createKeyedQueue } from '../keyedQueue.ts'
import type { Machine, MachineDriver, MachineRefusal, MachineSpec } from '../machineDriver.ts'
import { repeat } from '../repeat.ts'
import { choosePorts, machinesHost } from './freePorts.ts'
import { findProgram, type HostTools, hostPath } from './hostTools.ts'
import { readLogs } from './logFiles.ts'
import {
  isOfEngine,
  type MachineFolder,
  type MachineRecord,
  machineFolder,
  machineKeys,
  readRecord,
  removeFolder,
  removeNotes,
  writeRecord,
} from './machineFolder.ts'
import {
  endLeftovers,
  endOfLogs,
  freezeMachine,
  readMachine,
  stateOf,
  stopMachine,
  thawMachine,
  wipeMachine,
} from './machineProcess.ts'
import { openSession } from './sessions.ts'
import { superviseMachine } from './supervisor.ts'

/** Up until it is stopped; work comes by sessions. */
const defaultCommand = ['/bin/sh', '-c', 'while :; do sleep 3600; done']
const startPatienceMilliseconds = 10_000
const settleMilliseconds = 1_000
const markName = 'WORLDLAND_MACHINE'

export function createProcessDriver(options: {
  readonly machinesFolder: string
  readonly tools: HostTools
  /** Of what goes on by itself. */
  readonly onTrouble: (error: unknown) => void
}): MachineDriver {
  const { tools, onTrouble } = options
  const machinesFolder = resolve(options.machinesFolder)
  const queue = createKeyedQueue()
  const folderOf = (key: string): MachineFolder => machineFolder(machinesFolder, key)

  /** Machines that have ended, and of which nothing is left. */
  const settled = new Set<string>()

  async function settle(): Promise<void> {
    for (const key of machineKeys(machinesFolder)) {
      if (settled.has(key) || stateOf(folderOf(key)) !== 'exited') continue
      settled.add(key)
      await queue.run(key, () => endLeftovers(folderOf(key)))
    }
  }

  /** What a start or a wipe left that was broken off. */
  function sweep(): void {
    mkdirSync(machinesFolder, { recursive: true, mode: 0o700 })
    chmodSync(machinesFolder, 0o700)
    const whole = new Set(machineKeys(machinesFolder))
    for (const name of readdirSync(machinesFolder)) {
      if (!isMachineKey(name) || whole.has(name) || isOfEngine(folderOf(name))) continue
      queue.run(name, () => removeFolder(folderOf(name))).catch(onTrouble)
    }
  }

  function portsOfOthers(key: string): ReadonlySet<number> {
    const others = machineKeys(machinesFolder).filter(other => other !== key)
    return new Set(others.flatMap(other => Object.values(readRecord(folderOf(other))?.hostPorts ?? {})))
  }

  async function newRecord(spec: MachineSpec, former: MachineRecord | undefined): Promise<MachineRecord> {
    const hostPorts = await choosePorts(spec.ports, former?.hostPorts ?? {}, portsOfOthers(spec.key))
    const mark = former?.mark ?? `${markName}=${randomBytes(16).toString('hex')}`
    const told = Object.entries(hostPorts).map(([port, hostPort]) => [`PORT_${port}`, String(hostPort)])
    const environment = {
      PATH: hostPath,
      HOME: folderOf(spec.key).workspace,
      ...spec.environment,
      CUDA_VISIBLE_DEVICES: spec.gpus.join(','),
      ...Object.fromEntries(told),
      [markName]: mark.slice(markName.length + 1),
    }
    const { key, owner } = spec
    return { key, owner, mark, environment, hostPorts, startedAtMilliseconds: Date.now() }
  }

  async function start(spec: MachineSpec): Promise<Outcome<Machine, MachineRefusal>> {
    const checked = checkStart(spec)
    if (!checked.ok) return checked
    const folder = folderOf(spec.key)
    const there = readMachine(folder)
    if (there !== undefined && there.state !== 'exited')
      return await whenStarted(spec.key, new Promise(() => undefined))
    // Whatever its former life left is ended first, the supervisor that writes its last words included.
    await stopMachine(folder, 0)
    removeNotes(folder)
    settled.delete(spec.key)
    const record = await newRecord(spec, readRecord(folder))
    writeRecord(folder, record)
    const command = spec.command ?? defaultCommand
    const program = findProgram(command[0] ?? '', {
      path: programPath(record.environment),
      folder: folder.workspace,
    })
    if (program === undefined) {
      if (there === undefined) await removeFolder(folder)
      return refuse(
        'no-such-command',
        `There is no program ${JSON.stringify(command[0])} on this host: name one by its path`,
      )
    }
    const { ended } = superviseMachine({ folder, tools, command, environment: record.environment })
    return await whenStarted(spec.key, ended)
  }

  function checkStart(spec: MachineSpec): Outcome<MachineSpec, MachineRefusal> {
    const checked = checkSpec(spec)
    if (!checked.ok || spec.image === undefined) return checked
    return refuse(
      'no-images',
      `The image ${spec.image} cannot run here: this provider's machines are plain processes. Leave the image out, or run a container engine and set the driver to docker`,
    )
  }

  async function whenStarted(key: string, ended: Promise<string>): Promise<Outcome<Machine, MachineRefusal>> {
    let reason: string | undefined
    void ended.then(said => {
      reason = said
    })
    const end = Date.now() + startPatienceMilliseconds
    for (;;) {
      const machine = readMachine(folderOf(key))
      if (
        machine !== undefined &&
        machine.state !== 'starting' &&
        (machine.state !== 'exited' || machine.exitCode !== undefined)
      ) {
        return { ok: true, value: machine }
      }
      if (reason !== undefined && stateOf(folderOf(key)) === 'exited')
        throw new Error(`machine ${key} cannot be started: ${reason}`)
      if (Date.now() > end)
        throw new Error(`machine ${key} did not start within ${startPatienceMilliseconds} ms`)
      await sleep(5)
    }
  }

  async function find(key: string): Promise<Machine | undefined> {
    return isMachineKey(key) ? readMachine(folderOf(key)) : undefined
  }

  sweep()
  const settling = repeat(settle, settleMilliseconds, onTrouble)
  return {
    name: 'process',
    isIsolated: false,
    async prepare(spec) {
      const checked = checkStart(spec)
      return checked.ok ? { ok: true, value: { imageDigest: undefined } } : checked
    },
    start: spec => queue.run(spec.key, () => start(spec)),
    async list() {
      return machineKeys(machinesFolder).flatMap(key => readMachine(folderOf(key)) ?? [])
    },
    find,
    freeze: key => queue.run(key, async () => await freezeMachine(folderOf(key))),
    thaw: key => queue.run(key, async () => thawMachine(folderOf(key))),
    stop: (key, graceSeconds) => queue.run(key, () => stopMachine(folderOf(key), graceSeconds)),
    wipe: key => queue.run(key, () => wipeMachine(folderOf(key))),
    logs(key, { tailLines, follow = false, signal }) {
      const folder = folderOf(key)
      return readLogs({ logFile: folder.logFile, tailLines, follow, signal, isEnded: endOfLogs(folder) })
    },
    async open(key, asked) {
      const machine = await find(key)
      if (machine?.state !== 'running') {
        return refuse(
          'not-running',
          `The machine ${key.slice(0, 63)} ${machine === undefined ? 'is not here' : `is ${machine.state}`}: nothing can be run in it`,
        )
      }
      const problem = commandProblem(asked.command) ?? environmentProblem(asked.environment ?? {})
      if (problem !== undefined) return refuse('bad-spec', problem)
      const record = readRecord(folderOf(key))
      const environment = {
        ...record?.environment,
        ...asked.environment,
        [markName]: record?.mark.slice(markName.length + 1) ?? '',
      }
      const command = asked.command ?? ['/bin/sh']
      const { workspace } = machine
      if (
        findProgram(command[0] ?? '', { path: programPath(environment), folder: workspace }) === undefined
      ) {
        return refuse(
          'no-such-command',
          `There is no program ${JSON.stringify(command[0])} in the machine ${key}`,
        )
      }
      return {
        ok: true,
        value: openSession({ tools, workspace, command, environment, terminal: asked.terminal }),
      }
    },
    workerDoor: async () => ({ listenHost: machinesHost, hostInMachines: machinesHost }),
    // Nothing keeps them from any.
    async admitWorkers() {},
    async close() {
      settling.end()
    },
  }
}

function programPath(environment: Readonly<Record<string, string>>): string {
  return environment.PATH ?? hostPath
}
