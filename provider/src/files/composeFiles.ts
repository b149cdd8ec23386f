// The part of the daemon that keeps files: one store, one book of what is in it, and the routes by which they come and go.
import { join } from 'node:path'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Block } from '@worldland-aa/service/chain/block'
import type { Clock } from '@worldland-aa/service/clock'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { PublicClient } from 'viem'
import type { Authorisations } from '../access/authorisations.ts'
import type { RouteGroup } from '../doors/routeGroup.ts'
import { type Audience, createAudience, type HoldersBy } from './audience.ts'
import { createDownloadBounds } from './downloadBounds.ts'
import { createFileBook, type FileBook } from './fileBook.ts'
import { createFileKeeper, type FileKeeper } from './fileKeeper.ts'
import type { FileLimits } from './fileLimits.ts'
import { watchFiles } from './fileMetrics.ts'
import { createFileRemoval } from './fileRemoval.ts'
import type { FileStore } from './fileStore.ts'
import { createFilesApp } from './filesApp.ts'
import { createLicences } from './licences.ts'
import { createLinks } from './links.ts'
import { createModelOrigin } from './modelOrigin.ts'
import { createQuota } from './quota.ts'
import { createRootOwners } from './rootOwners.ts'
import { openStaging } from './staging.ts'
import type { FileTables } from './tables.ts'
import { createUploads } from './uploads.ts'

export type FilesOptions = {
  readonly database: Kysely<FileTables>
  readonly commits: GroupCommit<FileTables>
  /** From `openStore`. */
  readonly store: FileStore
  readonly folder: string
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly confirmationBlocks: number
  readonly head: () => Pick<Block, 'hash' | 'number'>
  readonly authorisations: Pick<Authorisations, 'isAuthorized'>
  readonly holdersBy: HoldersBy
  readonly callers: Callers
  readonly registry: Registry
  readonly publicUrl: () => string
  readonly limits: FileLimits
  readonly clock: Clock
  readonly logger: Logger
}

export type Files = {
  readonly group: RouteGroup
  readonly part: Part & { sweep(): Promise<void> }
  readonly keeper: FileKeeper
  readonly book: FileBook
  readonly audience: Audience
}

export async function composeFiles(options: FilesOptions): Promise<Files> {
  const { database, commits, store, client, contracts, limits, clock } = options
  const book = createFileBook({ database, commits, quota: createQuota(limits) })
  watchFiles(options.registry, book)
  const staging = await openStaging({ folder: join(options.folder, 'uploads') })
  const keeper = createFileKeeper({ book, store, ...limits, clock })
  const uploads = createUploads({ book, keeper, staging, ...limits, clock })
  const removal = createFileRemoval({ book, store, staging, clock, logger: options.logger })
  const { confirmationBlocks, head, authorisations, holdersBy } = options
  const licences = createLicences({ client, contracts, confirmationBlocks, head })
  const audience = createAudience({
    ...{ authorisations, holdersBy, licences, contracts },
    owners: createRootOwners({ client, usageRights: contracts.usageRights }),
  })
  return {
    group: createFilesApp({
      ...{ book, store, uploads, audience, removal, contracts, clock },
      ...limits,
      links: createLinks({ clock }),
      bounds: createDownloadBounds({ bytesPerSecond: limits.downloadBytesPerSecond, clock }),
      modelOrigin: createModelOrigin({ client, contracts }),
      callers: options.callers,
      publicUrl: options.publicUrl,
    }),
    part: removal,
    ...{ keeper, book, audience },
  }
}
