// The composition root: builds the stages in the order of a user operation's journey, lets the chain
// drive them, and says how they are.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import { createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { systemClock } from '@worldland-aa/service/clock'
import { patienceOf } from '@worldland-aa/service/config/lagPatience'
import { createStorageWatch } from '@worldland-aa/service/database/storageWatch'
import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { createHttpServer } from '@worldland-aa/service/http/server'
import { createDispatcher } from '@worldland-aa/service/jsonRpc/dispatcher'
import { parsePrivateKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { inOrder, type Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { patientStart } from '@worldland-aa/service/patientStart'
import type { Result } from '@worldland-aa/service/result'
import { getAddress } from 'viem'
import { createAnnouncement } from './announcement.ts'
import { createBundling } from './bundling/bundling.ts'
import { longGapSeconds, settledProfile } from './chains/chainProfile.ts'
import type { EvmLevel } from './chains/evmLevel.ts'
import { checkNode } from './checkNode.ts'
import { type BundlerConfig, guardFrom, stakeMinimumsFrom } from './config.ts'
import { openBundlerDatabase, storagePart } from './database.ts'
import { entryPointVersionOf } from './entryPoint/entryPointVersions.ts'
import { createEstimation } from './estimation/estimation.ts'
import { createPreVerificationGas } from './estimation/preVerificationGas.ts'
import { chooseExecution } from './execution/chooseExecution.ts'
import { createExplainer } from './explanation/explainer.ts'
import { createHealthCheck } from './health.ts'
import { claimDataFile } from './identity.ts'
import { createDeposits } from './mempool/deposits.ts'
import { defaultMempoolLimits } from './mempool/limits.ts'
import { createMempool } from './mempool/mempool.ts'
import { createRpcMetrics } from './metrics.ts'
import { createParticipation } from './participation/participation.ts'
import { askPaymaster } from './paymaster/askPaymaster.ts'
import { createPaymasterWatch } from './paymaster/paymasterWatch.ts'
import { createReceipts } from './receipt/receipt.ts'
import { createPairedPaymasters } from './reputation/pairedPaymasters.ts'
import { createReputation } from './reputation/reputation.ts'
import { debugMethods, type StakeReader } from './rpc/debug/debugMethods.ts'
import { createRpcMethods } from './rpc/rpc.ts'
import { worldland_getBundlerStatus } from './rpc/worldland_getBundlerStatus.ts'
import { bundlingLimitsFrom, submissionLimitsFrom } from './stageLimits.ts'
import { createRefusalTally } from './status/refusalTally.ts'
import { feeLimitFrom } from './submission/feeLimit.ts'
import { createFees } from './submission/fees.ts'
import { createSubmission } from './submission/submission.ts'
import { createTurnMetrics } from './turns/metrics.ts'
import { createTurns } from './turns/turns.ts'
import { createEntityStateReader } from './validation/entityState.ts'
import { createHorizon } from './validation/horizon.ts'
import { defaultValidationLimits } from './validation/limits.ts'
import { readAlternativeMempools } from './validation/readAlternativeMempools.ts'
import type { EntityStake } from './validation/validatedOperation.ts'
import { createValidation } from './validation/validation.ts'
import { versionLimits } from './validation/versionLimits.ts'
import { version as nodeVersion } from './version.ts'

/** Blocks kept in memory: the deepest reorg that is walked back block by block. */
const memoryBlocks = 256
const rescanBlocks = 64
/** Time without pay that a caller may take at once, in seconds' worth of what he may have. */
const unpaidBurstSeconds = 5
const lookupBlocks = 10_000
const logRangeBlocks = 500
/** What the EntryPoint and the transaction itself need beside the operations of a bundle. */
const bundleOverheadGas = 100_000n

/** Throws, with the reason and the remedy, when the node or the keys will not do. */
export async function createBundler(config: BundlerConfig, logger: Logger): Promise<Part> {
  const executors = orThrow(parsePrivateKeys(config.executorKeys), 'executorKeys: ')
  const node = await connectNode(config.rpcUrl)
  const entryPoint = getAddress(config.entryPoint)
  const version = entryPointVersionOf(entryPoint, config.entryPointVersion)
  const { capabilities, tracer, stateReader } = await checkNode(node, config)
  const { client, chainId } = node
  const profile = settledProfile(chainId, config)
  const feeLimit = feeLimitFrom(profile, config)
  const evm: EvmLevel = {
    fork: config.fork === 'auto' ? capabilities.fork : config.fork,
    extraPrecompiles: config.extraPrecompiles,
  }
  const { fork } = evm
  const authorizations = { chainId, fork }
  const horizonOf = createHorizon({
    clock: systemClock,
    marginSeconds: config.validityMarginSeconds || longGapSeconds(profile),
  })
  const alternativeMempools = orThrow(readAlternativeMempools(config.alternativeMempools))
  const registry = createRegistry()
  const stage = (name: string): { registry: typeof registry; logger: Logger } => ({
    registry,
    logger: logger.child({ stage: name }),
  })
  const storageWatch = createStorageWatch({ path: config.dataFile, logger: stage('database').logger })
  const { database, commits } = await openBundlerDatabase(config.dataFile, storageWatch)
  await claimDataFile({
    database,
    path: config.dataFile,
    node,
    entryPoint,
    logger: stage('database').logger,
  })

  const deposits = createDeposits({ client, entryPoint })
  const { depositOf } = deposits
  const fees = createFees({
    client,
    ...feeLimit,
    ...stage('fees'),
  })
  const { paymasterUrl } = config
  const paymasterWatch = createPaymasterWatch({ paymasterUrl, chainId, own: config, ...stage('rpc') })
  const pairedPaymasters = createPairedPaymasters({
    known: config.pairedPaymasters,
    ask:
      paymasterUrl === undefined
        ? undefined
        : () => askPaymaster(paymasterUrl, 'worldland_getPaymasters', []),
    logger: stage('reputation').logger,
  })
  const reputation = createReputation({
    database,
    clock: systemClock,
    slacks: { throttling: config.throttlingSlack, ban: config.banSlack },
    allowed: config.allowedEntities,
    isTrusted: pairedPaymasters.has,
    denied: config.deniedEntities,
    logger: stage('reputation').logger,
  })
  const mempool = createMempool({
    database,
    commits,
    reputation,
    depositOf,
    limits: {
      ...defaultMempoolLimits,
      maxOperations: config.maxMempoolOperations,
      oneDeploymentPerSender: !version.ignoresNeedlessFactory,
    },
    horizonOf,
    ...stage('mempool'),
  })
  const receipts = createReceipts({
    // Made further down, and told of nothing before the chain is followed.
    onLanded: landed => participation.landed(landed),
    client,
    chainId,
    entryPoint,
    version,
    database,
    commits,
    mempool,
    reputation,
    finalityBlocks: profile.finalityBlocks,
    rescanBlocks,
    lookupBlocks,
    logRangeBlocks: Math.max(1, Math.min(logRangeBlocks, capabilities.logRangeBlocks)),
    ...stage('receipt'),
  })
  const chain = createChainFollower({
    client,
    pollMilliseconds: config.pollMilliseconds,
    memoryBlocks,
    patience: patienceOf(config.lagPatienceSeconds),
    resumeFrom: receipts.cursor,
    logger: stage('chain').logger,
  })
  const limits = {
    ...defaultValidationLimits,
    maxVerificationGas: BigInt(config.maxVerificationGas),
    verificationGasSlack: BigInt(config.verificationGasSlack),
    maxOperationBytes: config.maxOperationBytes,
    ...versionLimits(version.number, config.allowUnstakedPaymasterContext),
    maxOperationGas: BigInt(config.bundleGasLimit) - bundleOverheadGas,
  }
  const guard = guardFrom(config)
  const bundleTerms = { bundleSize: config.expectedBundleOperations, isGuarded: guard !== undefined }
  const preVerificationGas = createPreVerificationGas({ ...bundleTerms, version, fork })
  const stakeMinimums = stakeMinimumsFrom(config)
  const execution = await chooseExecution({
    tracer,
    stateReader,
    node,
    rpcUrl: config.rpcUrl,
    judgeOptions: {
      chainId,
      entryPoint,
      entryPointVersion: version.number,
      limits,
      evm,
      alternativeMempools,
      stakeMinimums,
      ...bundleTerms,
    },
    threads: config.validationThreads,
    logger: stage('execution').logger,
  })
  const validation = createValidation({
    judge: execution.judge,
    version,
    chain,
    horizonOf,
    limits,
    preVerificationGas,
    minimumFees: fees.minimumFees,
    authorizations,
    logger: stage('validation').logger,
  })
  const explainer = createExplainer({
    chainId,
    entryPoint,
    version,
    limits,
    evm,
    stakeMinimums,
    alternativeMempools,
    preVerificationGas,
    minimumFees: fees.minimumFees,
    tracer: execution.tracer,
    entities: execution.entities,
    chain,
    horizonOf,
    mempool,
    reputation,
  })
  const estimation = createEstimation({
    estimator: execution.estimator,
    version,
    chain,
    limits,
    authorizations,
    logger: stage('estimation').logger,
  })
  const turns = createTurns({
    workplace: execution.workplace,
    unpaidTime: createRateLimiter({
      perSecond: config.unpaidMillisecondsPerSecond,
      burstSeconds: unpaidBurstSeconds,
      clock: systemClock,
    }),
    ...createTurnMetrics(registry),
  })
  const submission = createSubmission({
    client,
    chainId,
    entryPoint,
    executors,
    beneficiary: config.beneficiary,
    database,
    commits,
    mempool,
    minableFeePerGas: () => fees.currentFees().baseFeePerGas + fees.minimumFees().maxPriorityFeePerGas,
    horizonOf,
    limits: submissionLimitsFrom(config, profile),
    ...stage('submission'),
  })
  const bundlingLimits = bundlingLimitsFrom(config, profile)
  const participation = createParticipation({
    ...{ config, profile, bundlingLimits, client, chainId, entryPoint, version, fork, alternativeMempools },
    ...{ database, commits, chain, mempool, reputation, validation, turns, fees, submission },
    clock: systemClock,
    executors: executors.map(({ address }) => address),
    ...stage('participation'),
  })
  const bundling = createBundling({
    client,
    entryPoint,
    version,
    fork,
    mempool,
    submission,
    permission: participation,
    guard,
    fees,
    reputation,
    depositAt: deposits.depositAt,
    validation,
    tracer: execution.tracer,
    head: chain.head,
    horizonOf,
    limits: bundlingLimits,
    ...stage('bundling'),
  })

  // Each block goes through the stages in this order: the truth first, then what follows from it.
  chain.listen(async (update: ChainUpdate) => {
    participation.see(update.head)
    execution.onChainUpdate(update)
    deposits.onChainUpdate(update)
    await fees.onChainUpdate(update)
    await receipts.onChainUpdate(update)
    await submission.onChainUpdate(update)
    await mempool.onChainUpdate(update)
    await participation.onChainUpdate(update)
    bundling.onChainUpdate(update)
  })

  const entityState = createEntityStateReader({ source: execution.entities, stakeMinimums })
  const stakeOf: StakeReader = async address => {
    const { stakes } = await entityState.read({ block: chain.head(), stakesOf: [address], codeOf: [] })
    return stakes.get(address) as EntityStake
  }

  const health = createHealthCheck({
    ...{ chain, submission, mempool, fees, feeLimit },
    ...{ storage: storageWatch, paymaster: paymasterWatch, participation },
  })
  const refusals = createRefusalTally(systemClock)
  const rpcLogger = stage('rpc').logger
  if (config.debugApi) rpcLogger.warn('debug_bundler_* is served: anyone who reaches this port may use it')
  const server = createHttpServer({
    host: config.host,
    port: config.port,
    dispatcher: createDispatcher({
      methods: createRpcMethods({
        stages: { chain, validation, estimation, mempool, fees, receipts, explainer, turns },
        chainId,
        entryPoint,
        version,
        nodeVersion,
        paymasterUrl: config.paymasterUrl,
        promises: participation.promises,
        refusals,
        status: worldland_getBundlerStatus(
          {
            ...{ nodeVersion, chainId, entryPoint, version, chain, health, mempool, submission, reputation },
            ...{ refusals, paymaster: paymasterWatch, participation },
            mempoolCapacity: config.maxMempoolOperations,
          },
          systemClock,
        ),
        debug: config.debugApi
          ? debugMethods({ mempool, reputation, bundling, stakeOf, entryPoint, version, look: chain.poll })
          : undefined,
      }),
      maxBatchLength: config.maxBatchLength,
      batchConcurrency: 8,
      logger: rpcLogger,
      ...createRpcMetrics(registry),
    }),
    registry,
    health,
    maxBodyBytes: config.maxBodyBytes,
    maxConnections: config.maxConnections,
    callsPerSecond: config.callsPerSecond,
    bytesPerSecond: config.bytesPerSecond,
    trustedProxies: config.trustedProxies,
    clock: systemClock,
    logger: rpcLogger,
  })
  return inOrder(
    [
      storagePart(database, commits),
      execution,
      paymasterWatch,
      pairedPaymasters,
      reputation,
      mempool,
      patientStart(fees, logger),
      patientStart(receipts, logger),
      patientStart(submission, logger),
      patientStart(chain, logger),
      patientStart(participation, logger),
      bundling,
      server,
      createAnnouncement({
        ...{ url: server.url, chainId, profile, capabilities, version, entryPoint, tracer, fees, feeLimit },
        ...{ nodeVersion, logger },
      }),
    ],
    logger,
  )
}

/** Of settings, and what they name. */
function orThrow<Value>(read: Result<Value>, where = ''): Value {
  if (!read.ok) throw new ExitError(exitCodes.configuration, `${where}${read.refusal.message}`)
  return read.value
}
