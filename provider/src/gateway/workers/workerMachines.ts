// Starts and ends the machines that workers run in, and tells what a machine that failed said last.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Logger } from '@worldland-aa/service/logger'
import { CompiledQuery, type Kysely } from 'kysely'
import type { MachineDriver, MachineSpec } from '../../machines/machineDriver.ts'
import type { EndpointDefinition } from '../../market/marketSchema.ts'
import type { Outcome } from '../../outcome.ts'
import type { GatewayTables } from '../jobs/tables.ts'
import { workerEnvironment } from './workerEnvironment.ts'
import { type WorkerSecrets, workerKey } from './workerKey.ts'

/** What one worker of an endpoint may have of this machine. */
export type WorkerPlace = Pick<MachineSpec, 'gpus' | 'cpus' | 'memoryMiB' | 'diskGiB'>

export type WorkerPlaces = {
  /** Refused where all is taken, in words: tried again later. The same for the same worker, also after a restart. */
  claim(endpoint: EndpointDefinition, worker: string): Promise<Outcome<WorkerPlace, string>>
  release(worker: string): Promise<void>
}

export type WorkerMachines = {
  /** Reads which workers there were. Before all else. */
  open(): Promise<void>
  fingerprintOf(endpoint: EndpointDefinition): string
  /** What a worker of an earlier life was started with. */
  knownFingerprint(key: string): string
  /** The key of the next worker, never used before. */
  nextKey(endpointId: string): string
  launch(endpoint: EndpointDefinition, key: string, place: WorkerPlace): Promise<Outcome<void, string>>
  /** Leaves nothing of it; idempotent. */
  end(key: string, graceSeconds: number): Promise<void>
  lastWords(key: string): Promise<string>
}

const lastNumberOf = "select seq from sqlite_sequence where name = 'gateway_worker'"
const lastLines = 20
const mostCharacters = 4_000

export function createWorkerMachines(options: {
  readonly driver: MachineDriver
  readonly database: Kysely<GatewayTables>
  readonly commits: Pick<GroupCommit<GatewayTables>, 'commit'>
  readonly secrets: WorkerSecrets
  /** Of the worker door, as machines reach it. */
  readonly doorUrl: () => string
  readonly logger: Logger
}): WorkerMachines {
  const { driver, database, commits, secrets, doorUrl, logger } = options
  const known = new Map<string, string>()
  let lastNumber = 0

  function fingerprintOf({ image, command, environment }: EndpointDefinition): string {
    return secrets.fingerprint({ image, command, environment, doorUrl: doorUrl() })
  }

  return {
    fingerprintOf,
    async open() {
      const rows = await database.selectFrom('gateway_worker').selectAll().execute()
      for (const { endpoint_id, number, fingerprint } of rows) {
        known.set(workerKey(endpoint_id, number), fingerprint)
      }
      const { rows: sequences } = await database.executeQuery<{ seq: number }>(
        CompiledQuery.raw(lastNumberOf),
      )
      lastNumber = sequences[0]?.seq ?? 0
    },
    knownFingerprint: key => known.get(key) ?? '',
    nextKey: endpointId => workerKey(endpointId, ++lastNumber),
    async launch(endpoint, key, place) {
      const { image, command, environment, id } = endpoint
      // First: a number that was used must never be used again.
      const row = { number: numberOf(key), endpoint_id: id, fingerprint: fingerprintOf(endpoint) }
      await commits.commit(async transaction => {
        await transaction.insertInto('gateway_worker').values(row).execute()
      })
      const secret = secrets.secretOf(key)
      const spec: MachineSpec = {
        ...{ key, owner: 'worker', command, ports: [], ...place },
        // Plain processes have none.
        image: driver.name === 'process' ? undefined : image,
        isImageListed: true,
        environment: workerEnvironment(
          { doorUrl: doorUrl(), endpointId: id, worker: key, secret },
          environment,
        ),
      }
      const prepared = await driver.prepare(spec)
      const started = prepared.ok ? await driver.start(spec) : prepared
      if (!started.ok) return { ok: false, refusal: started.refusal.message }
      return { ok: true, value: undefined }
    },
    async end(key, graceSeconds) {
      await driver.stop(key, graceSeconds)
      await driver.wipe(key)
      await commits.commit(async transaction => {
        await transaction.deleteFrom('gateway_worker').where('number', '=', numberOf(key)).execute()
      })
      known.delete(key)
    },
    async lastWords(key) {
      const chunks: Uint8Array[] = []
      try {
        for await (const chunk of driver.logs(key, { tailLines: lastLines })) chunks.push(chunk)
      } catch (error) {
        logger.debug({ error, worker: key }, 'the log of a worker cannot be read')
      }
      return Buffer.concat(chunks).toString().slice(-mostCharacters)
    },
  }
}

function numberOf(key: string): number {
  return Number(/\d+$/.exec(key)?.[0] ?? 0)
}
