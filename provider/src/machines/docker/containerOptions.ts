// What a machine is as a container: pure, so that what a renter's program is kept from stands in one place. Nothing of the
// daemon or of this host goes in but the machine's own workspace.
import { createHash } from 'node:crypto'
import type Docker from 'dockerode'
import type { MachineSpec } from '../machineDriver.ts'

export type ContainerPlace = {
  readonly provider: string
  readonly image: LocalImage
  readonly network: string
  /** The host side of the machines' network. */
  readonly gateway: string
  readonly workspace: string
  readonly mostProcesses: number
  /** Where the engine bounds a container's own layer by itself. */
  readonly boundsLayer: boolean
}

export type LocalImage = {
  readonly id: string
  /** As its registry names it; its id where it came from none. */
  readonly digest: string
  readonly hasCommand: boolean
  readonly workingFolder: string
}

export const labels = {
  provider: 'worldland.provider',
  machine: 'worldland.machine',
  owner: 'worldland.owner',
  image: 'worldland.image',
  /** The image by the name it was asked for. */
  asked: 'worldland.asked-image',
  disk: 'worldland.disk-gib',
  /** Of what empties a machine's workspace: the machine. */
  wiped: 'worldland.wiped-machine',
  /** Tells whether a container is what is asked for now. */
  spec: 'worldland.spec',
} as const

export const hostInMachines = 'provider.internal'
export const workspaceInMachines = '/workspace'

/** What a package manager needs within the container; all are bound to its own files and processes. */
const capabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETGID',
  'SETUID',
]
const defaultCommand = ['/bin/sh', '-c', 'while :; do sleep 3600; done']
const mebibyte = 1024 * 1024
/** Shared memory, by which the loaders of training frameworks hand over their batches; it counts as the machine's. */
const sharedMemoryMiB = 1024

export function containerName(provider: string, key: string): string {
  return `worldland-${provider}-${key}`
}

export function containerOptions(spec: MachineSpec, place: ContainerPlace): Docker.ContainerCreateOptions {
  const { provider, image } = place
  const command = spec.command ?? (image.hasCommand ? undefined : defaultCommand)
  const options = {
    name: containerName(provider, spec.key),
    Hostname: spec.key,
    Image: image.id,
    ...(command !== undefined && { Entrypoint: [...command], Cmd: [] }),
    // A shell that is an image's own command ends where it has no input.
    OpenStdin: spec.owner === 'lease' && command === undefined,
    WorkingDir: image.workingFolder === '' ? workspaceInMachines : image.workingFolder,
    Env: environmentOf(spec),
    ExposedPorts: Object.fromEntries(spec.ports.map(port => [`${port}/tcp`, {}])),
    HostConfig: hostConfig(spec, place),
  }
  const named = {
    [labels.provider]: provider,
    [labels.machine]: spec.key,
    [labels.owner]: spec.owner,
    [labels.image]: image.digest,
    [labels.asked]: spec.image ?? '',
    ...(spec.diskGiB !== undefined && { [labels.disk]: String(spec.diskGiB) }),
  }
  const fingerprint = createHash('sha256').update(JSON.stringify(options)).digest('hex')
  return { ...options, Labels: { ...named, [labels.spec]: fingerprint } }
}

/** Nothing of the daemon's own. */
function environmentOf(spec: MachineSpec): string[] {
  const environment = {
    ...spec.environment,
    ...Object.fromEntries(spec.ports.map(port => [`PORT_${port}`, String(port)])),
    // An engine whose default runtime is NVIDIA's gives all GPUs to an image that asks for them by this.
    NVIDIA_VISIBLE_DEVICES: spec.gpus.length === 0 ? 'void' : spec.gpus.join(','),
  }
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`)
}

function hostConfig(spec: MachineSpec, place: ContainerPlace): Docker.HostConfig {
  const { memoryMiB, cpus, diskGiB, gpus } = spec
  return {
    NetworkMode: place.network,
    ExtraHosts: spec.owner === 'worker' ? [`${hostInMachines}:${place.gateway}`] : [],
    PortBindings: Object.fromEntries(
      spec.ports.map(port => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
    ),
    Mounts: [{ Type: 'bind', Source: place.workspace, Target: workspaceInMachines }],
    RestartPolicy: { Name: 'no' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } },
    Privileged: false,
    SecurityOpt: ['no-new-privileges'],
    CapDrop: ['ALL'],
    CapAdd: capabilities,
    IpcMode: 'private',
    PidsLimit: place.mostProcesses,
    // A core file would be as large as the machine's memory.
    Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
    ShmSize: Math.floor(Math.min(sharedMemoryMiB, (memoryMiB ?? Number.POSITIVE_INFINITY) / 2) * mebibyte),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    // The same bound on both leaves no swap.
    ...(memoryMiB !== undefined && {
      Memory: Math.floor(memoryMiB * mebibyte),
      MemorySwap: Math.floor(memoryMiB * mebibyte),
    }),
    ...(diskGiB !== undefined && place.boundsLayer && { StorageOpt: { size: `${Math.ceil(diskGiB)}G` } }),
    ...(gpus.length > 0 && { DeviceRequests: [{ DeviceIDs: [...gpus], Capabilities: [['gpu']] }] }),
  }
}
