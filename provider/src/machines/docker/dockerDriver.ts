// Machines that are containers of the engine on this host. The engine knows them by labels, and goes on with them while the
// daemon is away; whether one is started again is the daemon's to say, never the engine's.
import { resolve } from 'node:path'
import type Docker from 'dockerode'
import { checkSpec, commandProblem, environmentProblem, isMachineKey, refuse } from '../checkSpec.ts'
import { createKeyedQueue } from '../keyedQueue.ts'
import type { Machine, MachineDriver } from '../machineDriver.ts'
import { repeat } from '../repeat.ts'
import { withPatience } from './connectEngine.ts'
import { containerLogs } from './containerLogs.ts'
import { containerName, hostInMachines, labels } from './containerOptions.ts'
import { createContainerStart } from './containerStart.ts'
import { inspectContainer, listedMachineOf, machineOf, stateOf } from './containerState.ts'
import { overDisk } from './diskBound.ts'
import { createDiskReserve } from './diskReserve.ts'
import { createDiskWatch } from './diskWatch.ts'
import { engineWords, isMissing, statusOf } from './engineErrors.ts'
import { openExec } from './execSession.ts'
import { createHostGuard } from './hostGuard.ts'
import { createImages } from './images.ts'
import { ensureNetwork, type MachineNetwork } from './machineNetwork.ts'
import { createPulledImages } from './pulledImages.ts'
import { readWorkspaceRecord, removeWorkspace, workspaceKeys, workspaceOf } from './workspaceFolder.ts'

export type DockerDriverOptions = {
  readonly docker: Docker
  /** Its address: the engine may serve several. */
  readonly provider: string
  readonly machinesFolder: string
  readonly defaultImage?: string | undefined
  /** Of the disk, which images leave alone; default: none. */
  readonly diskReserveGiB?: number
  /** After how long without use an image that this daemon fetched is given up; default: never. */
  readonly imageIdleMilliseconds?: number
  readonly mostProcesses?: number
  readonly diskLookMilliseconds?: number
  /** Why containers reach what this host and its neighbours serve: only root can keep them from it. */
  readonly onUnguarded?: (reason: string) => void
  /** Of what goes on by itself. */
  readonly onTrouble: (error: unknown) => void
}

type Info = Docker.ContainerInspectInfo

const callPatienceMilliseconds = 60_000
const guardMilliseconds = 30_000
const imageLookMilliseconds = 30 * 60_000
const defaultMostProcesses = 4_096
const defaultDiskLookMilliseconds = 10_000

export function createDockerDriver(options: DockerDriverOptions): MachineDriver {
  const { onTrouble, mostProcesses = defaultMostProcesses } = options
  /** For what takes as long as it takes: streams, stopping, deleting. */
  const lasting = options.docker
  const docker = withPatience(lasting, callPatienceMilliseconds)
  const provider = options.provider.toLowerCase()
  const machinesFolder = resolve(options.machinesFolder)
  const queue = createKeyedQueue()
  const reserve = createDiskReserve({ docker, machinesFolder, reserveGiB: options.diskReserveGiB ?? 0 })
  const pulled = createPulledImages({
    docker: lasting,
    // Beside the machines' folder, in which every name is a machine's.
    file: `${machinesFolder}-images.json`,
    idleMilliseconds: options.imageIdleMilliseconds ?? 0,
    onTrouble,
  })
  const images = createImages({ docker: lasting, defaultImage: options.defaultImage, reserve, pulled })
  const guard = createHostGuard(
    options.onUnguarded ?? (reason => onTrouble(new Error(`the host is not guarded: ${reason}`))),
  )
  let networkMade: Promise<MachineNetwork> | undefined

  const nameOf = (key: string): string => {
    if (!isMachineKey(key)) throw new Error(`${JSON.stringify(key)} is no key of a machine`)
    return containerName(provider, key)
  }
  const inspect = (key: string): Promise<Info | undefined> => inspectContainer(docker, nameOf(key))
  const asMachine = (info: Info): Machine =>
    machineOf(info, workspaceOf(machinesFolder, info.Config.Labels[labels.machine] ?? ''))

  function network(): Promise<MachineNetwork> {
    networkMade ??= makeNetwork().catch(error => {
      networkMade = undefined
      throw error
    })
    return networkMade
  }

  /** No machine runs in it before the host is guarded. */
  async function makeNetwork(): Promise<MachineNetwork> {
    const made = await ensureNetwork(docker, provider)
    await guard.enforce(made)
    return made
  }

  async function remove(key: string): Promise<void> {
    try {
      await lasting.getContainer(nameOf(key)).remove({ force: true, v: true })
    } catch (error) {
      const isUnderWay = statusOf(error) === 409 && /already in progress/.test(engineWords(error))
      if (!isMissing(error) && !isUnderWay) throw error
    }
  }

  const overDiskOf = (info: Info): Promise<string | undefined> =>
    overDisk({ docker, lasting, info, workspace: asMachine(info).workspace })

  async function holdToDisk(id: string): Promise<void> {
    const info = await inspectContainer(docker, id)
    if (info !== undefined && stateOf(info) === 'running' && (await overDiskOf(info)) !== undefined)
      await ignoring([404, 409], docker.getContainer(id).kill())
  }

  async function bounded(): Promise<readonly string[]> {
    const running = (await listed()).filter(({ State }) => State === 'running')
    return running.filter(({ Labels }) => Labels[labels.disk] !== undefined).map(({ Id }) => Id)
  }

  async function listed(): Promise<readonly Docker.ContainerInfo[]> {
    // What else carries the provider's label is no machine.
    const label = [`${labels.provider}=${provider}`, labels.machine]
    return await docker.listContainers({ all: true, filters: { label } })
  }

  /** Its container is gone, by another's hand; its files are not. */
  function remnant(key: string): Machine | undefined {
    const record = readWorkspaceRecord(machinesFolder, key)
    if (record === undefined) return undefined
    const { owner, madeAtMilliseconds } = record
    const workspace = workspaceOf(machinesFolder, key)
    return { key, owner, state: 'exited', ports: {}, workspace, startedAtMilliseconds: madeAtMilliseconds }
  }

  async function find(key: string): Promise<Machine | undefined> {
    if (!isMachineKey(key)) return undefined
    const info = await inspect(key)
    return info === undefined ? remnant(key) : asMachine(info)
  }

  const starter = createContainerStart({
    ...{ docker, lasting, images, provider, machinesFolder, mostProcesses },
    ...{ network, inspect, overDisk: overDiskOf, remove },
    // Perhaps somebody took the network away.
    onFailure() {
      networkMade = undefined
    },
  })
  const looking = createDiskWatch({
    find: bounded,
    look: holdToDisk,
    pauseMilliseconds: options.diskLookMilliseconds ?? defaultDiskLookMilliseconds,
    onTrouble,
  })

  const pruning = repeat(async () => void (await pulled.prune()), imageLookMilliseconds, onTrouble)
  const guarding = repeat(async () => await guard.enforce(await network()), guardMilliseconds, onTrouble)

  return {
    name: 'docker',
    isIsolated: true,
    async prepare(spec, signal) {
      const checked = checkSpec(spec)
      if (!checked.ok) return checked
      const image = await starter.imageFor(spec, await inspect(spec.key), signal)
      return image.ok ? { ok: true, value: { imageDigest: image.value.digest } } : image
    },
    start: spec =>
      queue.run(spec.key, async () => {
        const started = await starter.start(spec)
        return started.ok ? { ok: true, value: asMachine(started.value) } : started
      }),
    async list() {
      const machines = (await listed()).map(listedMachineOf)
      const keys = new Set(machines.map(({ key }) => key))
      const remnants = workspaceKeys(machinesFolder).filter(key => !keys.has(key))
      return [...machines, ...remnants.flatMap(key => remnant(key) ?? [])]
    },
    find,
    freeze: key =>
      queue.run(key, async () => {
        const info = await inspect(key)
        if (info !== undefined && stateOf(info) === 'running') {
          await ignoring([404, 409], docker.getContainer(info.Id).pause())
        }
      }),
    thaw: key =>
      queue.run(key, async () => {
        const info = await inspect(key)
        if (info !== undefined && stateOf(info) === 'frozen') {
          await ignoring([404, 409], docker.getContainer(info.Id).unpause())
        }
      }),
    stop: (key, graceSeconds) =>
      queue.run(key, async () => {
        const info = await inspect(key)
        if (info === undefined) return
        const container = docker.getContainer(info.Id)
        // A frozen one would have to be given its processors back in order to take leave.
        if (stateOf(info) === 'running' && graceSeconds > 0) {
          await ignoring([304, 404], lasting.getContainer(info.Id).stop({ t: Math.ceil(graceSeconds) }))
        } else if (stateOf(info) !== 'exited') {
          await ignoring([404, 409], container.kill())
          await ignoring([404], container.wait())
        }
      }),
    wipe: key =>
      queue.run(key, async () => {
        await remove(key)
        await removeWorkspace({ docker: lasting, provider, machinesFolder, key })
      }),
    async *logs(key, { tailLines, follow = false, signal }) {
      yield* containerLogs(lasting.getContainer(nameOf(key)), { tailLines, follow, signal })
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
      try {
        return await openExec(lasting.getContainer(nameOf(key)), asked, onTrouble)
      } catch (error) {
        if (statusOf(error) === undefined || (statusOf(error) ?? 0) >= 500) throw error
        return refuse('not-running', `The machine ${key} does not run the command: ${engineWords(error)}`)
      }
    },
    async workerDoor() {
      return { listenHost: (await network()).gateway, hostInMachines }
    },
    async admitWorkers(port) {
      guard.admit(port)
      await guard.enforce(await network())
    },
    async close() {
      looking.end()
      pruning.end()
      guarding.end()
    },
  }
}

/** Answers that say that it is so already. */
async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error
  }
}
