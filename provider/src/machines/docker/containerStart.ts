// From what is asked for to a container that runs: found, started again, or made anew, and nothing left of one that cannot
// run.
import type Docker from 'dockerode'
import type { Outcome } from '../../outcome.ts'
import { checkSpec, refuse } from '../checkSpec.ts'
import type { MachineRefusal, MachineSpec } from '../machineDriver.ts'
import { containerName, containerOptions, type LocalImage, labels } from './containerOptions.ts'
import { stateOf } from './containerState.ts'
import { refusalOf, statusOf } from './engineErrors.ts'
import type { Images } from './images.ts'
import type { MachineNetwork } from './machineNetwork.ts'
import { makeWorkspace, readWorkspaceRecord, removeWorkspace, workspaceOf } from './workspaceFolder.ts'

type Info = Docker.ContainerInspectInfo
type Options = Docker.ContainerCreateOptions

/** Engine drivers that bound a container's own layer. */
const boundingDrivers = ['btrfs', 'zfs', 'devicemapper']

export function createContainerStart(tools: {
  readonly docker: Docker
  /** For what takes as long as it takes. */
  readonly lasting: Docker
  readonly images: Images
  readonly provider: string
  readonly machinesFolder: string
  readonly mostProcesses: number
  network(): Promise<MachineNetwork>
  inspect(key: string): Promise<Info | undefined>
  /** In words, how far beyond its disk it is. */
  overDisk(info: Info): Promise<string | undefined>
  remove(key: string): Promise<void>
  /** The engine failed: what was remembered of it may be wrong. */
  onFailure(): void
}): {
  start(spec: MachineSpec): Promise<Outcome<Info, MachineRefusal>>
  imageFor(
    spec: MachineSpec,
    there: Info | undefined,
    signal?: AbortSignal,
  ): Promise<Outcome<LocalImage, MachineRefusal>>
} {
  const { docker, lasting, images, provider, machinesFolder, mostProcesses, network, inspect } = tools
  let bounding: Promise<boolean> | undefined

  function boundsLayer(): Promise<boolean> {
    bounding ??= docker.info().then(({ Driver }: { Driver: string }) => boundingDrivers.includes(Driver))
    return bounding
  }

  /** One that ran before keeps its image: a login that has run out since then does not end it. */
  async function imageFor(
    spec: MachineSpec,
    there: Info | undefined,
    signal?: AbortSignal,
  ): Promise<Outcome<LocalImage, MachineRefusal>> {
    const isSame = there?.Config.Labels[labels.asked] === (spec.image ?? '')
    const former = isSame ? await images.find(there.Image) : undefined
    if (former === undefined) return await images.resolve(spec, signal)
    return { ok: true, value: { ...former, digest: there?.Config.Labels[labels.image] ?? former.digest } }
  }

  async function optionsFor(
    spec: MachineSpec,
    there: Info | undefined,
    workspace: string,
  ): Promise<Outcome<Options, MachineRefusal>> {
    const image = await imageFor(spec, there)
    if (!image.ok) return image
    const { name, gateway } = await network()
    const place = {
      ...{ provider, mostProcesses, gateway, workspace },
      image: image.value,
      network: name,
      boundsLayer: spec.diskGiB !== undefined && (await boundsLayer()),
    }
    return { ok: true, value: containerOptions(spec, place) }
  }

  async function createUnlessThere(wanted: Options): Promise<void> {
    try {
      await docker.createContainer(wanted)
    } catch (error) {
      // By its name: an earlier start, of this life of the daemon or of another.
      if (statusOf(error) !== 409) throw error
    }
  }

  return {
    imageFor,
    async start(spec) {
      const checked = checkSpec(spec)
      if (!checked.ok) return checked
      const { key } = spec
      const there = await inspect(key)
      if (there !== undefined && ['running', 'frozen'].includes(stateOf(there)))
        return { ok: true, value: there }
      const full = there === undefined ? undefined : await tools.overDisk(there)
      if (full !== undefined) return refuse('disk-full', full)
      const wanted = await optionsFor(spec, there, workspaceOf(machinesFolder, key))
      if (!wanted.ok) return wanted
      const isNew = readWorkspaceRecord(machinesFolder, key) === undefined
      try {
        makeWorkspace(machinesFolder, spec)
        const isOther = there?.Config.Labels[labels.spec] !== wanted.value.Labels?.[labels.spec]
        if (there !== undefined && isOther) await tools.remove(key)
        await createUnlessThere(wanted.value)
        await docker.getContainer(containerName(provider, key)).start()
      } catch (error) {
        const refusal = refusalOf(error, spec.command?.[0])
        if (refusal === undefined) {
          tools.onFailure()
          throw error
        }
        // What never ran is not kept.
        await tools.remove(key)
        if (isNew) await removeWorkspace({ docker: lasting, provider, machinesFolder, key })
        return { ok: false, refusal }
      }
      const started = await inspect(key)
      if (started === undefined) throw new Error(`the engine started ${key}, and does not know it`)
      return { ok: true, value: started }
    },
  }
}
