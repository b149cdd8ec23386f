// A gateway that serves: its doors on loopback, its jobs in a file, its workers as processes of this host. It can be
// broken off as by kill -9 and started anew on the same folder.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@worldland-aa/service/clock'
import { createGroupCommit } from '@worldland-aa/service/database/groupCommit'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createCallers } from '@worldland-aa/service/http/callers'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import { sql } from 'kysely'
import { createPublicDoor } from '../../doors/publicDoor.ts'
import type { MachineDriver } from '../../machines/machineDriver.ts'
import { findHostTools } from '../../machines/process/hostTools.ts'
import { createProcessDriver } from '../../machines/process/processDriver.ts'
import type { EndpointDefinition } from '../../market/marketSchema.ts'
import { loadSecretKey } from '../../secretKey.ts'
import { createGateway, type Gateway } from '../gateway.ts'
import { type GatewayTables, gatewayMigrations } from '../jobs/tables.ts'
import { createWorkerSecrets } from '../workers/workerKey.ts'
import { createTestGate, type TestGate } from './testGate.ts'

export type GatewayStage = {
  readonly folder: string
  readonly gate: TestGate
  /** Of the one that serves now. */
  gateway(): Gateway
  /** Below which the endpoints are. */
  url(): string
  readonly driver: MachineDriver
  /** The endpoints from now on. */
  define(endpoints: readonly EndpointDefinition[]): void
  drain(): void
  /** Its disk takes no more, until it is freed. */
  setDisk(state: 'full' | 'free'): Promise<void>
  /** The daemon is down so long by the time of day, which no test has to wait for. */
  restart(downMilliseconds?: number): Promise<void>
  /** The host's time of day is set. */
  setForward(milliseconds: number): void
  stop(): Promise<void>
}

export function endpoint(fields: Partial<EndpointDefinition> & { readonly id: string }): EndpointDefinition {
  return {
    offer: ['test'],
    image: undefined,
    command: undefined,
    environment: {},
    minimumWorkers: 0,
    maximumWorkers: 1,
    idleSeconds: 60,
    requestSeconds: 60,
    queueLimit: 1_000,
    concurrency: 1,
    ...fields,
  }
}

export async function startGatewayStage(
  defined: readonly EndpointDefinition[],
  options: {
    readonly folder?: string
    readonly workerPort?: number
    readonly publicPort?: number
    /** Default: tests' receivers are on loopback. */
    readonly webhookRules?: AddressRules
    /** Default: plain processes. */
    readonly createDriver?: (machinesFolder: string) => MachineDriver
  } = {},
): Promise<GatewayStage> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'gateway-'))
  const logger = createLogger({ name: 'test', level: 'silent' })
  const driver = (options.createDriver ?? processes)(join(folder, 'machines'))
  const gate = createTestGate()
  let endpoints = defined
  let workerPort = options.workerPort ?? 0
  let isDraining = false
  let setMilliseconds = 0
  const clock: Clock = { now: () => Date.now() + setMilliseconds }
  let publicPort = options.publicPort ?? 0

  async function start() {
    const database = await openDatabase<GatewayTables>({
      path: join(folder, 'provider.sqlite'),
      migrations: gatewayMigrations,
    })
    const commits = createGroupCommit(database)
    const callers = createCallers([])
    const shared = { callers, turnedAway: () => undefined, clock, logger }
    const gateway = createGateway({
      ...shared,
      ...{ gate, driver, database, commits, workerPort },
      endpoints: () => endpoints,
      offerIdsOf: () => [1n],
      isDraining: () => isDraining,
      webhookRules: options.webhookRules ?? { allowPrivateNetworks: true },
      registry: createRegistry(),
      places: { claim: async () => ({ ok: true, value: { gpus: [] } }), release: async () => undefined },
      secrets: createWorkerSecrets(loadSecretKey(join(folder, 'worker.key'))),
      webhookKey: loadSecretKey(join(folder, 'webhook.key')),
    })
    await gateway.start()
    const door = createPublicDoor({
      ...shared,
      groups: [gateway.routes],
      host: '127.0.0.1',
      port: publicPort,
      maxBodyBytes: 1024 * 1024,
      maxConnections: 2_000,
      callsPerSecond: 0,
    })
    await door.start()
    workerPort = Number(new URL(gateway.workerUrl()).port)
    publicPort = Number(new URL(door.url()).port)
    return { database, commits, gateway, door }
  }

  let running = await start()
  async function end(): Promise<void> {
    await running.door.stop()
    await running.gateway.stop()
    await running.commits.settled()
    await running.database.destroy()
  }
  return {
    ...{ folder, gate, driver },
    gateway: () => running.gateway,
    url: () => `${running.door.url()}/v2`,
    define(changed) {
      endpoints = changed
    },
    drain() {
      isDraining = true
    },
    setForward(milliseconds) {
      setMilliseconds += milliseconds
    },
    async setDisk(state) {
      const pages = state === 'full' ? 1 : 2 ** 32 - 2
      // SQLite makes it as many as there are, if that is more.
      await sql.raw(`pragma max_page_count = ${pages}`).execute(running.database)
    },
    async restart(downMilliseconds = 0) {
      await end()
      setMilliseconds += downMilliseconds
      running = await start()
    },
    async stop() {
      await end()
      for (const { key } of await driver.list()) await driver.wipe(key)
      await driver.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function processes(machinesFolder: string): MachineDriver {
  const tools = findHostTools()
  if (!tools.ok) throw new Error(tools.refusal.message)
  return createProcessDriver({ machinesFolder, tools: tools.value, onTrouble: () => undefined })
}
