// The part of the daemon that runs trainings and states what they were.
import type { TypedDataSigner } from '@worldland-aa/sdk/account/typedDataSigner'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Clock } from '@worldland-aa/service/clock'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { PublicClient } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { RouteGroup } from '../doors/routeGroup.ts'
import type { Files } from '../files/composeFiles.ts'
import type { FileStore } from '../files/fileStore.ts'
import { createModelOrigin } from '../files/modelOrigin.ts'
import { createRootOwners } from '../files/rootOwners.ts'
import type { MachineDriver } from '../machines/machineDriver.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { createRunBook } from './runBook.ts'
import { createRunner } from './runner.ts'
import { createStatementDesk } from './statementDesk.ts'
import type { TrainingTables } from './tables.ts'
import { createTrainingRoutes } from './trainingRoutes.ts'

export type Training = {
  readonly group: RouteGroup
  readonly part: Part
  readonly recorder: Recorder
}

export function composeTraining(options: {
  readonly database: Kysely<TrainingTables>
  readonly commits: GroupCommit<TrainingTables>
  readonly files: Files
  readonly store: FileStore
  readonly driver: MachineDriver
  readonly machineKeyOf: (leaseId: bigint) => string
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly chainId: number
  /** The provider, as the chain knows it. */
  readonly signer: TypedDataSigner
  readonly sender: Sender
  /** Whether this provider pays for records that it is asked for. */
  readonly records: boolean
  readonly mostOutputBytes: number
  readonly confirmationBlocks: number
  readonly publicUrl: () => string
  readonly clock: Clock
  readonly logger: Logger
}): Training {
  const { files, store, client, contracts } = options
  const book = createRunBook(options)
  const runner = createRunner({ ...options, book, files: { ...files, store } })
  return {
    group: createTrainingRoutes({
      ...{ book, runner, contracts, audience: files.audience },
      desk: createStatementDesk({ ...options, book, files: files.book }),
      modelOrigin: createModelOrigin({ client, contracts }),
      owners: createRootOwners({ client, usageRights: contracts.usageRights }),
    }),
    part: runner.part,
    recorder: createRecorder({ ...options, book }),
  }
}
