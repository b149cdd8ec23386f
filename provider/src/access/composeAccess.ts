// How renters and holders of rights get into the machines: what hands out secrets, the doors that take them, and the watch
// that puts out whoever's right has ended.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ChainListener } from '@worldland-aa/service/chain/chainFollower'
import type { Clock } from '@worldland-aa/service/clock'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { Address, Hash, PublicClient } from 'viem'
import type { RouteGroup } from '../doors/routeGroup.ts'
import type { MachineDriver } from '../machines/machineDriver.ts'
import { type AccessDesk, createAccessDesk } from './accessDesk.ts'
import { createAccessMetrics } from './accessMetrics.ts'
import { createAdmission } from './admission.ts'
import { type Authorisations, createAuthorisations } from './authorisations.ts'
import { createGrantBook } from './grantBook.ts'
import { createGuests } from './guests.ts'
import { createHolders, type Holders } from './holder.ts'
import { createAccessApp } from './http/accessApp.ts'
import { createLeaseBook } from './leaseBook.ts'
import { createLeaseReader } from './leaseFacts.ts'
import { createPortGate } from './ports/portGate.ts'
import { sayNo, upgradeToPort } from './ports/portSocket.ts'
import { createRightWatch } from './rightWatch.ts'
import { readHostKey } from './ssh/hostKey.ts'
import { createSshServer } from './ssh/sshServer.ts'
import type { AccessTables } from './tables.ts'
import { createTerminalSocket } from './terminal/terminalSocket.ts'
import { createUsedStatements } from './usedStatements.ts'

export type AccessOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly contracts: ComputeContracts
  readonly database: Kysely<AccessTables>
  readonly driver: MachineDriver
  /** Where the public finds the door for HTTP; known once it is open. */
  readonly publicUrl: () => string
  readonly ssh: {
    readonly host: string
    /** 0 takes any free one. */
    readonly port: number
    /** Where the public finds it. */
    readonly publicHost: () => string
    readonly hostKeyFile: string
  }
  /** Blocks on top after which what the chain says is final. */
  readonly finalityBlocks: number
  readonly callers: Callers
  readonly registry: Registry
  readonly clock: Clock
  readonly logger: Logger
}

export type Access = {
  /** Below /leases. */
  readonly group: RouteGroup
  /** Reads what was there before a restart; the SSH door. */
  readonly part: Part
  readonly holders: Holders
  /** By something else than a right to a lease or session. */
  readonly holdersBy: (authorisations: Pick<Authorisations, 'isAuthorized'>) => Holders
  readonly authorisations: Authorisations
  /** Before whatever else asks who may what at this block. */
  readonly onUpdate: ChainListener
  readonly prepare: AccessDesk['prepare']
  readonly sshPort: () => number
  /** Puts everybody out: the machine is frozen or gone. */
  close(leaseId: bigint): void
  /** Nothing of it is kept: the machine is wiped. */
  forget(leaseId: bigint): Promise<void>
}

const terminalPath = /^\/leases\/([1-9][0-9]{0,28})\/terminal\/socket$/

/** Throws, with the name of the file, when the host key cannot be read. */
export function composeAccess(options: AccessOptions): Access {
  const { client, chainId, contracts, database, driver, callers, clock, logger, ssh } = options
  const market = contracts.instanceLease
  const hostKey = readHostKey(ssh.hostKeyFile)
  const grants = createGrantBook(database)
  const leases = createLeaseBook(database)
  const guests = createGuests()
  const metrics = createAccessMetrics(options.registry, guests)
  /** The follower names it only once all its listeners have heard of it. */
  let headHash: Hash | undefined
  const authorisations = createAuthorisations({
    client,
    usageRights: contracts.usageRights,
    head: () => headHash,
  })
  const reader = createLeaseReader({ client, contracts, driver, leases, head: () => headHash })
  const isAuthorized = async (agreementId: bigint, user: Address): Promise<boolean> =>
    (await authorisations.isAuthorized({ market, agreementId, user })) && (await reader.isServed(agreementId))
  const admission = createAdmission({ grants, isAuthorized })
  const usedStatements = createUsedStatements({ database, clock })
  const holdersBy: Access['holdersBy'] = by =>
    createHolders({
      ...{ client, chainId, usedStatements, clock, publicUrl: options.publicUrl },
      authorisations: by,
    })
  const holders = holdersBy(authorisations)
  const sshServer = createSshServer({
    ...{ admission, guests, driver, callers, clock, logger },
    host: ssh.host,
    port: ssh.port,
    hostKey: hostKey.privateKey,
    onEvent: metrics.ssh,
  })
  const desk = createAccessDesk({
    ...{ contracts, chainId, grants, leases, isServed: reader.isServed },
    place: () => ({
      publicUrl: options.publicUrl().replace(/\/+$/, ''),
      sshHost: ssh.publicHost(),
      sshPort: sshServer.port(),
      sshHostKey: hostKey.publicKey,
    }),
  })
  const { publicUrl } = options
  const onError = (error: unknown): void => logger.error({ error }, 'a way into a machine failed')
  const gate = createPortGate({ admission, driver, publicUrl })
  const openTerminal = createTerminalSocket({ admission, guests, driver, publicUrl, onError })
  const app = createAccessApp({
    ...{ market, admission, holders, desk, gate, guests, driver, publicUrl },
    facts: reader.facts,
  })
  const watch = createRightWatch({
    ...{ grants, guests, isAuthorized, logger },
    finalityBlocks: options.finalityBlocks,
    onPutOut: metrics.putOut,
  })
  return {
    group: {
      path: '/leases',
      app,
      maxBodyBytes: 'stream',
      upgrade(incoming, socket, head) {
        const leaseId = terminalPath.exec(incoming.url ?? '')?.[1]
        if (leaseId !== undefined) return openTerminal(incoming, socket, head, BigInt(leaseId))
        upgradeToPort(incoming, socket, head, { gate, guests, publicUrl }).catch(error => {
          onError(error)
          sayNo(socket, 503)
        })
      },
    },
    holders,
    holdersBy,
    authorisations,
    prepare: desk.prepare,
    sshPort: sshServer.port,
    async onUpdate({ head }) {
      headHash = head.hash
      await watch.onBlock(head.number)
    },
    close: leaseId => guests.putOutOf(leaseId),
    async forget(leaseId) {
      guests.putOutOf(leaseId)
      await grants.forgetLease(leaseId)
      await leases.forget(leaseId)
    },
    part: {
      name: 'access',
      async start() {
        await grants.start()
        await leases.start()
        await sshServer.start()
      },
      async stop() {
        guests.putAllOut()
        await sshServer.stop()
      },
    },
  }
}
