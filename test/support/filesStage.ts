// A provider's door with its files behind it, on the lease stage: a real chain, a real database, real HTTP on loopback.
import { join } from 'node:path'
import { createAuthorisations } from '@worldland-aa/provider/access/authorisations'
import { createHolders } from '@worldland-aa/provider/access/holder'
import { type AccessTables, accessMigrations } from '@worldland-aa/provider/access/tables'
import { createUsedStatements } from '@worldland-aa/provider/access/usedStatements'
import { createPublicDoor } from '@worldland-aa/provider/doors/publicDoor'
import type { RouteGroup } from '@worldland-aa/provider/doors/routeGroup'
import { composeFiles, type Files } from '@worldland-aa/provider/files/composeFiles'
import type { FileLimits } from '@worldland-aa/provider/files/fileLimits'
import type { FileStore } from '@worldland-aa/provider/files/fileStore'
import { openLocalStore } from '@worldland-aa/provider/files/local/localStore'
import { type FileTables, fileMigrations } from '@worldland-aa/provider/files/tables'
import { type TrainingTables, trainingMigrations } from '@worldland-aa/provider/training/tables'
import type { FileHolder, FileLicensee } from '@worldland-aa/sdk/serving/fileAccess'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { createGroupCommit, type GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createCallers } from '@worldland-aa/service/http/callers'
import { createDoorMetrics } from '@worldland-aa/service/http/doorMetrics'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import type { DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { type LeaseStage, startLeaseStage } from './leaseStage.ts'

export type FilesStage = LeaseStage & {
  readonly files: Files
  readonly store: FileStore
  readonly folder: string
  readonly url: string
  readonly database: Kysely<StageTables>
  readonly commits: GroupCommit<StageTables>
  /** The provider's clock may be set ahead. */
  readonly clock: { aheadMilliseconds: number }
  holder(who: DeploymentClient, leaseId: bigint): FileHolder
  licensee(who: DeploymentClient, modelId: bigint, purchaseId?: bigint): FileLicensee
  head(): BlockReference
  /** The provider has seen the newest block. */
  caughtUp(): Promise<void>
}

export type StageTables = FileTables & AccessTables & TrainingTables

export const stageLimits: FileLimits = {
  perAgreementBytes: 64 * 1_048_576,
  inAllBytes: 256 * 1_048_576,
  uploadSeconds: 3_600,
  keepSeconds: 86_400,
  publishedSeconds: 30 * 86_400,
  downloadBytesPerSecond: 0,
}
const confirmationBlocks = 12

/** `moreGroups` gets what is there by then, and adds to the door. */
export async function startFilesStage(options: {
  /** From `workFolder`. */
  readonly folder: string
  readonly moreGroups?: (stage: FilesStage) => Promise<readonly RouteGroup[]>
}): Promise<FilesStage> {
  const stage = await startLeaseStage()
  const { chain, contracts } = stage
  const { folder } = options
  const logger = createLogger({ name: 'files stage', level: 'silent' })
  const database = await openDatabase<StageTables>({
    path: join(folder, 'provider.sqlite'),
    migrations: { ...accessMigrations, ...fileMigrations, ...trainingMigrations },
  })
  const commits = createGroupCommit(database)
  const store = await openLocalStore({ folder: join(folder, 'files', 'stored') })
  const patience = { quietMilliseconds: 60_000, lossMilliseconds: 60_000 }
  const follower = createChainFollower({
    ...{ client: chain.client, pollMilliseconds: 100, memoryBlocks: 64, logger, patience },
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const clock = { aheadMilliseconds: 0, now: () => Date.now() + clock.aheadMilliseconds }
  const holderParts = {
    ...{ client: chain.client, chainId: 103, publicUrl: () => url, clock },
    usedStatements: createUsedStatements({ database, clock }),
  }
  const head = () => follower.head()
  const authorisations = createAuthorisations({
    client: chain.client,
    usageRights: contracts.usageRights,
    head: () => head().hash,
  })
  const callers = createCallers([])
  const files = await composeFiles({
    database,
    commits,
    ...{ store, folder: join(folder, 'files'), client: chain.client, contracts, confirmationBlocks, head },
    authorisations,
    holdersBy: by => createHolders({ ...holderParts, authorisations: by }),
    registry: createRegistry(),
    ...{ callers, publicUrl: () => url, limits: stageLimits, clock, logger },
  })
  const made: FilesStage = {
    ...{ ...stage, files, store, folder, url, database, commits, clock },
    holder: (who, agreementId) => ({
      ...{ contracts, chainId: 103, url, signer: who.account, market: 'lease', agreementId },
    }),
    licensee: (who, modelId, purchaseId) => ({
      ...{ contracts, chainId: 103, url, signer: who.account, modelId, purchaseId },
    }),
    head,
    caughtUp: () => follower.poll(),
    async stop() {
      await door.stop()
      await files.part.stop()
      await follower.stop()
      await database.destroy()
      await stage.stop()
    },
  }
  await follower.start()
  const door = createPublicDoor({
    groups: [files.group, ...((await options.moreGroups?.(made)) ?? [])],
    ...{ host: '127.0.0.1', port, maxBodyBytes: 1_048_576, maxConnections: 200, callsPerSecond: 0 },
    ...{ callers, turnedAway: createDoorMetrics(createRegistry()), clock, logger },
  })
  await files.part.start()
  await door.start()
  return made
}
