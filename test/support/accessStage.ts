// The ways into real machines, as a provider's daemon composes them, over a real chain: plain processes stand for machines.
import { join } from 'node:path'
import { type Access, composeAccess } from '@worldland-aa/provider/access/composeAccess'
import { type AccessTables, accessMigrations } from '@worldland-aa/provider/access/tables'
import { createPublicDoor } from '@worldland-aa/provider/doors/publicDoor'
import type { Machine, MachineDriver } from '@worldland-aa/provider/machines/machineDriver'
import { findHostTools } from '@worldland-aa/provider/machines/process/hostTools'
import { createProcessDriver } from '@worldland-aa/provider/machines/process/processDriver'
import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
import type { LeaseAccess } from '@worldland-aa/sdk/sealing/leaseAccess'
import { openAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { systemClock } from '@worldland-aa/service/clock'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createCallers } from '@worldland-aa/service/http/callers'
import { createDoorMetrics } from '@worldland-aa/service/http/doorMetrics'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import type { PublicClient } from 'viem'
import { type LeaseStage, startLeaseStage } from './leaseStage.ts'

export type AccessStage = {
  readonly market: LeaseStage
  readonly access: Access
  readonly url: string
  readonly driver: MachineDriver
  /** A ready lease with a machine, and what its payer was given. */
  serve(options?: {
    ports?: readonly number[]
    sshPublicKey?: string
    command?: readonly string[]
  }): Promise<{ readonly leaseId: bigint; readonly machine: Machine; readonly access: LeaseAccess }>
  /** Resolves when all have heard of the chain's newest block. */
  nextBlock(): Promise<void>
  /** As a restart of the daemon does; machines run on. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const logger = createLogger({ name: 'access', level: 'silent' })
const chainId = 103

export async function startAccessStage(folder: string): Promise<AccessStage> {
  const market = await startLeaseStage()
  const client = market.payer as unknown as PublicClient
  const tools = findHostTools()
  if (!tools.ok) throw new Error(tools.refusal.message)
  const onTrouble = (error: unknown): void => {
    throw error
  }
  const driver = createProcessDriver({
    machinesFolder: join(folder, 'machines'),
    tools: tools.value,
    onTrouble,
  })
  let life = await startLife({ http: 0, ssh: 0 })

  async function startLife(ports: { readonly http: number; readonly ssh: number }) {
    const database = await openDatabase<AccessTables>({
      path: join(folder, 'access.sqlite'),
      migrations: accessMigrations,
    })
    const chain = createChainFollower({
      client,
      pollMilliseconds: 50,
      memoryBlocks: 64,
      patience: { quietMilliseconds: 10_000, lossMilliseconds: 30_000 },
      logger,
    })
    const [callers, registry] = [createCallers([]), createRegistry()]
    const access = composeAccess({
      ...{ client, chainId, database, driver, logger },
      contracts: market.contracts,
      publicUrl: () => door.url(),
      ssh: {
        host: '127.0.0.1',
        port: ports.ssh,
        publicHost: () => '127.0.0.1',
        hostKeyFile: join(folder, 'ssh-host.key'),
      },
      finalityBlocks: 12,
      ...{ callers, registry },
      clock: systemClock,
    })
    const door = createPublicDoor({
      ...{
        host: '127.0.0.1',
        port: ports.http,
        groups: [access.group],
        maxBodyBytes: 100_000,
        maxConnections: 512,
      },
      ...{ callsPerSecond: 0, callers, logger, clock: systemClock },
      turnedAway: createDoorMetrics(registry),
    })
    chain.listen(access.onUpdate)
    await door.start()
    await access.part.start()
    await chain.start()
    return {
      access,
      chain,
      url: door.url(),
      async stop() {
        await door.stop()
        await access.part.stop()
        await chain.stop()
        await database.destroy()
      },
    }
  }

  return {
    market,
    driver,
    get url() {
      return life.url
    },
    get access() {
      return life.access
    },
    async serve({ ports = [], sshPublicKey, command } = {}) {
      const leaseId = await market.rent()
      const started = await driver.start({
        key: `lease-${leaseId}`,
        owner: 'lease',
        environment: {},
        gpus: [],
        ...{ ports, command },
      })
      if (!started.ok) throw new Error(started.refusal.message)
      const { privateKey, publicKey: accessPublicKey } = createSealingKey()
      const payer = market.payer.account.address
      const { contracts } = market
      const sealedAccess = await life.access.prepare({ leaseId, payer, accessPublicKey, ports, sshPublicKey })
      await market.send(market.provider, readyLease.calls({ contracts, leaseId, access: sealedAccess }))
      const opened = openAccess({ contracts, chainId, leaseId, sealedAccess, privateKey })
      if (!opened.ok) throw new Error(opened.problem)
      await life.chain.poll()
      return { leaseId, machine: started.value, access: opened.access }
    },
    nextBlock: () => life.chain.poll(),
    async restart() {
      // As an operator's settings have it: whoever was told an address finds it again.
      const ports = { http: Number(new URL(life.url).port), ssh: life.access.sshPort() }
      await life.stop()
      life = await startLife(ports)
    },
    async stop() {
      await life.stop()
      for (const { key } of await driver.list()) await driver.wipe(key)
      await driver.close()
      await market.stop()
    },
  }
}
