// Mempool, bundling, submission and receipts as composition wires them, driven by the test: the chain
// moves and the stages look when they are told to.

import type { Block } from '@worldland-aa/service/chain/block'
import { createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { type Clock, systemClock } from '@worldland-aa/service/clock'
import { createLogger } from '@worldland-aa/service/logger'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { Registry } from 'prom-client'
import type { Address, PrivateKeyAccount, PublicClient } from 'viem'
import { refusalOf } from '../bundling/blame.ts'
import { type Bundling, createBundling } from '../bundling/bundling.ts'
import { authorizationsOf, encodeBundle, simulateHandleOps } from '../bundling/handleOps.ts'
import type { BundlingLimits } from '../bundling/limits.ts'
import type { EvmFork } from '../chains/evmFork.ts'
import { type Commits, type Database, openBundlerDatabase } from '../database.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { createDeposits } from '../mempool/deposits.ts'
import { defaultMempoolLimits, type MempoolLimits } from '../mempool/limits.ts'
import { createMempool, type Mempool } from '../mempool/mempool.ts'
import { openParticipation } from '../participation/openParticipation.ts'
import type { Permission } from '../participation/participation.ts'
import type { Inclusion } from '../receipt/inclusion.ts'
import { createReceipts, type Receipts } from '../receipt/receipt.ts'
import { createReputation, type Reputation } from '../reputation/reputation.ts'
import { createFees, type Fees } from '../submission/fees.ts'
import type { SubmissionLimits } from '../submission/limits.ts'
import { createSubmission, type Submission } from '../submission/submission.ts'
import { judgeAtHead } from '../validation/headSource.ts'
import { createHorizon } from '../validation/horizon.ts'
import { createDebugTracer } from '../validation/tracers/debug.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

export type BundlerCore = {
  readonly mempool: Mempool
  readonly bundling: Bundling
  readonly submission: Submission
  readonly receipts: Receipts
  readonly reputation: Reputation
  readonly fees: Fees
  readonly database: Database
  readonly commits: Commits
  readonly registry: Registry
  head(): Block
  /** Looks at the chain and lets every stage take in what is new. */
  look(): Promise<void>
  stop(): Promise<void>
  /** What a crash leaves: nothing more is written or asked, nobody cleans up. */
  abandon(): Promise<void>
}

export type BundlerCoreOptions = {
  readonly client: PublicClient
  readonly executors: readonly PrivateKeyAccount[]
  readonly version?: EntryPointVersion
  readonly entryPoint?: Address
  readonly fork?: EvmFork
  readonly path?: string
  /** For who may give the start up: the file is held until the database is destroyed. */
  readonly onOpen?: (database: Database) => void
  readonly mempoolLimits?: Partial<MempoolLimits>
  readonly submissionLimits?: Partial<SubmissionLimits>
  readonly bundlingLimits?: Partial<BundlingLimits>
  /** When it may send; always, unless told otherwise. */
  readonly permission?: Permission
  /** Told of what has landed of its mempool. */
  readonly onLanded?: (landed: readonly Inclusion[]) => void
  /** Where its bundles go while they have an end. */
  readonly guard?: Address
  /** What validity is measured by beside the head. */
  readonly clock?: Clock
  /** Builds on its own; otherwise only by `bundling.sendNow()`. */
  readonly auto?: boolean
  /** How deep a reorg is told block by block. */
  readonly memoryBlocks?: number
  /** Looks at the chain on its own. */
  readonly pollMilliseconds?: number
}

export async function startBundlerCore(options: BundlerCoreOptions): Promise<BundlerCore> {
  const { client, executors } = options
  const logger = createLogger({ name: 'test', level: 'silent' })
  const registry = new Registry()
  const { version = entryPoint07 } = options
  const entryPoint = options.entryPoint ?? version.canonicalAddress
  const { database, commits } = await openBundlerDatabase(options.path ?? ':memory:')
  options.onOpen?.(database)
  const base = { registry, logger }
  const horizonOf = createHorizon({ clock: options.clock ?? systemClock, marginSeconds: 60 })
  const { depositOf, depositAt, onChainUpdate: forgetDeposits } = createDeposits({ client, entryPoint })
  const reputation = createReputation({ database, clock: systemClock, logger })
  const fees = createFees({
    client,
    minimumPriorityFeePerGasWei: 10n ** 9n,
    maxFeePerGasWei: 500n * 10n ** 9n,
    ...base,
  })
  const mempool = createMempool({
    database,
    commits,
    reputation,
    depositOf,
    limits: {
      ...defaultMempoolLimits,
      oneDeploymentPerSender: !version.ignoresNeedlessFactory,
      ...options.mempoolLimits,
    },
    horizonOf,
    ...base,
  })
  const receipts = createReceipts({
    version,
    client,
    chainId: 103,
    entryPoint,
    database,
    commits,
    mempool,
    reputation,
    finalityBlocks: 12,
    rescanBlocks: 64,
    onLanded: options.onLanded,
    lookupBlocks: 1_000,
    logRangeBlocks: 100,
    ...base,
  })
  const submission = createSubmission({
    client,
    chainId: 103,
    entryPoint,
    executors,
    database,
    commits,
    mempool,
    minableFeePerGas: () => fees.currentFees().baseFeePerGas + fees.minimumFees().maxPriorityFeePerGas,
    horizonOf,
    limits: {
      maxInFlightPerExecutor: 4,
      minimumExecutorBalanceWei: 10n ** 16n,
      transactionFeeCapWei: 10n ** 18n,
      replacementBumpPercent: 10,
      resubmitAfterBlocks: 3,
      cancelAfterBlocks: 6,
      giveUpAfterBlocks: 30,
      finalityBlocks: 12,
      ...options.submissionLimits,
    },
    ...base,
  })
  const follower = createChainFollower({
    client,
    pollMilliseconds: options.pollMilliseconds ?? 1_000_000,
    memoryBlocks: options.memoryBlocks ?? 256,
    patience: { quietMilliseconds: 0, lossMilliseconds: 0 },
    resumeFrom: receipts.cursor,
    logger,
  })

  /** Second validation without a tracer: the EntryPoint's own verdict. */
  async function revalidate(validated: ValidatedOperation): Promise<Result<ValidatedOperation>> {
    const from = executors[0]?.address ?? entryPoint
    const data = encodeBundle(version, [validated], from)
    return await judgeAtHead(follower, async block => {
      const simulation = await simulateHandleOps(
        client,
        { from, to: entryPoint, data, gas: 10_000_000n, authorizations: authorizationsOf([validated]) },
        version,
        { blockHash: block.hash },
      )
      if (simulation.kind === 'success') return accept({ ...validated, verifiedAt: block })
      return refuse(refusalOf(simulation.reason ?? 'reverted', validated))
    })
  }

  const bundling = createBundling({
    version,
    fork: options.fork ?? 'london',
    client,
    entryPoint,
    mempool,
    submission,
    permission: options.permission ?? openParticipation,
    guard: options.guard,
    fees,
    reputation,
    depositAt,
    validation: { untouched: async operations => operations.map(() => undefined), revalidate },
    tracer: createDebugTracer({ client }),
    head: follower.head,
    horizonOf,
    limits: {
      bundleGasLimit: 12_000_000n,
      blockGasSharePercent: 90,
      maxTransactionBytes: 128 * 1024,
      gatherMilliseconds: 50,
      profitMarginPercent: 0,
      maxPerThrottledEntity: 4,
      ...options.bundlingLimits,
    },
    ...base,
  })
  if (options.auto !== true) bundling.setMode('manual')
  follower.listen(async update => {
    forgetDeposits(update)
    await fees.onChainUpdate(update)
    await receipts.onChainUpdate(update)
    await submission.onChainUpdate(update)
    await mempool.onChainUpdate(update)
    bundling.onChainUpdate(update)
  })
  const parts = [reputation, mempool, fees, receipts, submission, follower, bundling]
  for (const part of parts) await part.start()
  return {
    mempool,
    bundling,
    submission,
    receipts,
    reputation,
    fees,
    database,
    commits,
    registry,
    head: follower.head,
    look: follower.poll,
    async stop() {
      for (const part of parts.toReversed()) await part.stop()
      await commits.settled()
      await database.destroy()
    },
    async abandon() {
      // Their timers end at once; what they wait for never comes.
      void follower.stop()
      void bundling.stop()
      await database.destroy()
    },
  }
}
