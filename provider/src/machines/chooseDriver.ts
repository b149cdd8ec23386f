// Which kind of machines this provider has, and why: said once at the start, for what a renter gets depends on it.
import { join } from 'node:path'
import type { Logger } from '@worldland-aa/service/logger'
import type { Outcome } from '../outcome.ts'
import { refuse } from './checkSpec.ts'
import { askEngine, connectEngine } from './docker/connectEngine.ts'
import { createDockerDriver } from './docker/dockerDriver.ts'
import { workspaceKeys } from './docker/workspaceFolder.ts'
import type { MachineDriver, MachineRefusal } from './machineDriver.ts'
import { findHostTools } from './process/hostTools.ts'
import { machineKeys } from './process/machineFolder.ts'
import { createProcessDriver } from './process/processDriver.ts'

export type DriverChoice = {
  readonly wanted: 'auto' | 'docker' | 'process'
  /** Of the engine; undefined: where DOCKER_HOST says, or its usual place. */
  readonly engineSocket: string | undefined
  readonly defaultImage: string | undefined
  /** Of the disk, which images leave alone. */
  readonly diskReserveGiB: number
  /** 0: images are never given up. */
  readonly imageIdleHours: number
  /** The provider's address: an engine may serve several. */
  readonly provider: string
  readonly dataFolder: string
  readonly logger: Logger
}

export async function chooseDriver(choice: DriverChoice): Promise<Outcome<MachineDriver, MachineRefusal>> {
  const { wanted, logger } = choice
  const folder = machinesFolder(choice)
  if (wanted === 'process') return processDriver(choice, 'as --driver process asks for')
  const left = machineKeys(folder)
  // A host that begins again may have its engine later than its daemon: what runs is not forgotten for that.
  if (wanted === 'auto' && left.length > 0)
    return processDriver(choice, `${left.join(', ')} was begun as one`)
  const docker = connectEngine(choice.engineSocket)
  const engine = await askEngine(docker)
  if (typeof engine === 'string') {
    const reason = `no container engine answers (${engine})`
    const containers = workspaceKeys(folder)
    if (wanted === 'auto' && containers.length === 0) return processDriver(choice, reason)
    const why =
      wanted === 'docker' ? '--driver docker is set' : `${containers.join(', ')} was begun as a container`
    return refuse(
      'no-engine',
      `${why}, and ${reason}. Start one, name its socket by --engine-socket, or set --driver process`,
    )
  }
  logger.info({ driver: 'docker', engine }, 'machines are containers: an engine answers')
  const { provider, defaultImage, diskReserveGiB } = choice
  const driver = createDockerDriver({
    ...{ docker, provider, defaultImage, diskReserveGiB },
    machinesFolder: folder,
    imageIdleMilliseconds: choice.imageIdleHours * 3_600_000,
    onUnguarded: reason =>
      logger.warn(
        { reason },
        'containers reach what this host and its neighbours serve: set the firewall as provider/docs/machines.md says',
      ),
    onTrouble: error => logger.error({ error }, 'a container is not looked after'),
  })
  return { ok: true, value: driver }
}

function processDriver(choice: DriverChoice, reason: string): Outcome<MachineDriver, MachineRefusal> {
  const { logger } = choice
  const tools = findHostTools()
  if (!tools.ok) return tools
  const driver = createProcessDriver({
    machinesFolder: machinesFolder(choice),
    tools: tools.value,
    onTrouble: error => logger.error({ error }, 'what a machine left behind cannot be ended'),
  })
  logger.warn(
    { driver: 'process', reason },
    'machines are plain processes, which nothing keeps from this host: serve nobody you do not trust',
  )
  return { ok: true, value: driver }
}

function machinesFolder({ dataFolder }: DriverChoice): string {
  return join(dataFolder, 'machines')
}
