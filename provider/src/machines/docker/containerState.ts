// What the engine says of a container, as a machine.
import type Docker from 'dockerode'
import type { ListedMachine, Machine, MachineOwner, MachineState } from '../machineDriver.ts'
import { labels } from './containerOptions.ts'
import { isMissing } from './engineErrors.ts'

export async function inspectContainer(
  docker: Docker,
  name: string,
): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await docker.getContainer(name).inspect()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export function machineOf(info: Docker.ContainerInspectInfo, workspace: string): Machine {
  const named = info.Config.Labels
  const state = stateOf(info)
  const started = Date.parse(info.State.StartedAt)
  return {
    key: named[labels.machine] ?? '',
    owner: ownerIn(named),
    state,
    ...(state === 'exited' && info.State.Status !== 'created' && { exitCode: info.State.ExitCode }),
    imageDigest: named[labels.image] ?? info.Image,
    ports: portsOf(info),
    workspace,
    // One that never began has the year 1.
    startedAtMilliseconds: started > 0 ? started : Date.parse(info.Created),
  }
}

/** From the engine's own list, which it gives even where looking into one of them hangs. */
export function listedMachineOf({ Labels, State }: Docker.ContainerInfo): ListedMachine {
  return { key: Labels[labels.machine] ?? '', owner: ownerIn(Labels), state: stateNamed(State) }
}

export function stateOf({ State }: Docker.ContainerInspectInfo): MachineState {
  return stateNamed(State.Status)
}

function stateNamed(status: string): MachineState {
  switch (status) {
    case 'paused':
      return 'frozen'
    case 'running':
    case 'restarting':
      return 'running'
    // One that was made and not begun too: whoever was about to begin it may be gone, and nothing comes by itself.
    default:
      return 'exited'
  }
}

function ownerIn(named: Readonly<Record<string, string>>): MachineOwner {
  return named[labels.owner] === 'worker' ? 'worker' : 'lease'
}

function portsOf({ NetworkSettings }: Docker.ContainerInspectInfo): Machine['ports'] {
  const published = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([name, bindings]) => {
    const [binding] = bindings ?? []
    return binding === undefined
      ? []
      : [[Number.parseInt(name, 10), { host: '127.0.0.1', port: Number(binding.HostPort) }] as const]
  })
  return Object.fromEntries(published)
}
