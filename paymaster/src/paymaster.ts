// The composition root: builds the stages in the order of a sponsorship's journey, lets the chain drive
// settlement and treasury, and says how they are.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import { createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { systemClock } from '@worldland-aa/service/clock'
import { patienceOf } from '@worldland-aa/service/config/lagPatience'
import { controlPathOf, createControlSocket } from '@worldland-aa/service/control/controlSocket'
import { createSigningThread } from '@worldland-aa/service/crypto/signingThread'
import { createStorageWatch } from '@worldland-aa/service/database/storageWatch'
import { createHttpServer } from '@worldland-aa/service/http/server'
import { createDispatcher } from '@worldland-aa/service/jsonRpc/dispatcher'
import { inOrder, type Part, type Reloadable } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { patientStart } from '@worldland-aa/service/patientStart'
import { getAddress } from 'viem'
import { createAdmin } from './admin/admin.ts'
import { createApiKeysRoutes } from './admin/apiKeys/routes.ts'
import { createAuditStore } from './admin/audit/auditStore.ts'
import { composeExplorer } from './admin/composeExplorer.ts'
import { createLiveUpdates } from './admin/liveUpdates.ts'
import { createPoliciesRoutes } from './admin/policies/routes.ts'
import { composeAlerts } from './alerts/composeAlerts.ts'
import { createAnnouncement } from './announcement.ts'
import { createApiKeys } from './apiKeys/apiKeys.ts'
import { deciderOfKeys } from './apiKeys/deciderOfKeys.ts'
import type { PaymasterConfig } from './config.ts'
import { composeDecisions } from './decisions/composeDecisions.ts'
import { createHealthCheck } from './health.ts'
import { leastDepositWei } from './leastFunds.ts'
import { openLedger } from './ledger/openLedger.ts'
import { createRestoration } from './ledger/restoration.ts'
import { createPaymasterMetrics } from './metrics.ts'
import { createBrake } from './operator/brake.ts'
import { createOperatorCommands } from './operator/commands.ts'
import { composePolicies } from './policy/composePolicies.ts'
import { validitySecondsRange } from './policy/definition/policySchema.ts'
import { createDryRun } from './policy/dryRun.ts'
import { gasBoundsOf } from './policy/gasBoundsOf.ts'
import { createDecider, type DecisionOptions } from './policy/policy.ts'
import { createSenderJudge } from './policy/senderStanding.ts'
import { composePricing } from './pricing/composePricing.ts'
import { createNetworkFees } from './pricing/networkFees.ts'
import { createReadiness } from './readiness.ts'
import { readUserOperation } from './rpc/parameters.ts'
import { createRpcMethods } from './rpc/rpc.ts'
import { settingsProblem } from './settingsProblem.ts'
import { createAdoption } from './settlement/adoption.ts'
import { readSettledBlock } from './settlement/settledBlock.ts'
import { createSettlement } from './settlement/settlement.ts'
import { keyRingOf } from './signing/keyRing.ts'
import { createSigners } from './signing/signers.ts'
import { createTermsHash } from './signing/termsHash.ts'
import { createSponsorship } from './sponsorship.ts'
import { composeTreasury } from './treasury/composeTreasury.ts'
import { readContractFacts } from './treasury/contractFacts.ts'
import { composeWebhooks } from './webhooks/composeWebhooks.ts'

/** Blocks kept in memory: the deepest reorg that is walked back block by block. */
const memoryBlocks = 256

export type Paymaster = Part &
  Required<Reloadable> & {
    /** Where it is served; once started. */
    url(): string
    /** Resolves when it has caught up with the chain, and looked after stake and deposit. */
    ready(): Promise<void>
  }

/** Throws, with the reason and the remedy, when policies, node or contracts will not do. */
export async function createPaymaster(config: PaymasterConfig, logger: Logger): Promise<Paymaster> {
  const problem = settingsProblem(config)
  if (problem !== undefined) throw new ExitError(exitCodes.configuration, problem)
  const stage = (name: string): Logger => logger.child({ stage: name })
  const clock = (): number => Math.floor(systemClock.now() / 1000)
  const { client } = await connectNode(config.rpcUrl)
  const signing = createSigningThread()
  const keys = keyRingOf(config, signing.sign)
  const entryPoint = getAddress(config.entryPoint)
  const paymaster = getAddress(config.paymaster)
  const facts = await readContractFacts({
    client,
    entryPoint,
    paymaster,
    signers: keys.signers().map(({ address }) => address),
  })
  const { chainId, token } = facts
  const storageWatch = createStorageWatch({ path: config.dataFile, logger: stage('database') })
  const { ledger, database } = await openLedger(config.dataFile, facts, storageWatch)
  const live = createLiveUpdates()
  const audit = createAuditStore({ database, live, now: clock, logger: stage('audit') })
  const policyStage = await composePolicies({
    ...{ config, client, database, live, now: clock, logger: stage('policy') },
    contracts: { chainId, entryPoint, paymaster, token },
    head: () => chain.head().hash,
  })
  const policies = policyStage.book
  const decisions = composeDecisions({
    ...{ config, ledger, live, now: clock },
    policies: policies.inForce,
    logger: stage('decisions'),
  })
  const registry = createRegistry()
  const metrics = createPaymasterMetrics(registry)
  const brake = createBrake(database)
  const apiKeys = createApiKeys({
    database,
    isRequired: config.requireApiKey,
    callsPerSecond: config.callsPerSecond,
    clock: systemClock,
    logger: stage('apiKeys'),
  })
  const webhooks = composeWebhooks({
    ...{ config, database, ledger, facts, policies, live, audit },
    clock: systemClock,
    logger: stage('webhooks'),
  })
  const signingLogger = stage('signing')
  const { finalityBlocks } = config
  const signers = createSigners({ client, paymaster, database, keys, finalityBlocks, logger: signingLogger })
  signers.onChange(id => live.tell({ kind: 'signer', id }))

  const { markupBps } = config
  const { pricing, leaderTip, tokens, tokensRoutes } = await composePricing({
    ...{ config, client, facts, database, audit, live, logger: stage('pricing') },
    now: () => now(),
  })
  const networkFees = createNetworkFees({
    client,
    baseFeePercent: config.baseFeePercent,
    tipPercent: config.tipPercent,
    usualPriorityFeePerGasWei: config.usualPriorityFeePerGasWei,
    logger: stage('pricing'),
  })
  const deferredRisk = { perSenderWei: config.deferredPerSenderWei, globalWei: config.deferredGlobalWei }
  const deciding: DecisionOptions = {
    policies: policies.inForce,
    facts: policyStage.facts,
    askWebhook: policyStage.askWebhook,
    gasBounds: gasBoundsOf(config, networkFees.bounds),
    gasOf: pricing.gasOf,
    tipWei: leaderTip.wei,
    token: {
      client,
      entryPoint,
      paymaster,
      token: token.address,
      markupBps,
      debtLimitWei: config.debtLimitWei,
      gasLimitPercent: config.gasLimitPercent,
      gasOf: pricing.gasOf,
    },
    tank: {
      client,
      paymaster,
      token: token.address,
      markupBps,
      settledBlock: () => readSettledBlock({ client, chain, ledger }),
    },
    erc20: { client, paymaster, offer: tokens.offer, gasOf: pricing.erc20GasOf },
    tokenValiditySeconds: config.tokenValiditySeconds,
    deferredRisk,
    unsentShares: {
      lentPercent: config.lentDepositPercent,
      policyPercent: config.policyDepositPercent,
      callerPercent: config.callerDepositPercent,
    },
  }
  const decider = createDecider(deciding)
  const longestValiditySeconds = Math.max(config.tokenValiditySeconds, validitySecondsRange.maximum)
  const { timestamp } = await client.getBlock()
  const restoration = await createRestoration({
    database,
    longestValiditySeconds,
    nowSeconds: Math.max(clock(), Number(timestamp)),
    logger: stage('ledger'),
  })
  const contracts = { entryPoint, paymaster }
  const settlement = createSettlement({
    client,
    contracts,
    ledger,
    adopt: createAdoption({
      client,
      domain: { chainId, ...contracts },
      ledger,
      policies: policies.inForce,
      deferredRisk,
      longestValiditySeconds,
    }),
    bookTokenCharges: tokens.charges.settle,
    readTip: leaderTip.refresh,
    restoration: {
      async onFinalBlock(timestamp) {
        await restoration.onFinalBlock(timestamp)
        signers.onFinalBlock(timestamp)
      },
    },
    finalityBlocks,
    retentionSeconds: config.ledgerRetentionDays * 86_400,
    logger: stage('settlement'),
    onReport(report) {
      metrics.onReport(report)
      decisions.onReport(report)
    },
  })
  const house = composeTreasury({
    client,
    facts,
    config,
    database,
    ledger,
    signers,
    live,
    now: clock,
    readTip: leaderTip.refresh,
    logger: stage('treasury'),
    async onFirstRound() {
      // What was just paid in counts: settlement sees it with its block.
      if (readiness.isCaughtUp()) await chain.poll().catch(() => undefined)
      readiness.funded()
    },
  })
  const { treasury, reconciliation, settings: treasurySettings } = house
  const readiness = createReadiness(() => {
    const funds = treasury.funds()
    if (funds === undefined) return 'its first look at stake and deposit'
    const neededWei = leastDepositWei(chain.head().baseFeePerGas, leaderTip.wei())
    if (funds.stakeWei >= treasurySettings.stakeWei && funds.depositWei >= neededWei) return undefined
    return treasury.underWay() ?? 'stake and gas deposit'
  }, restoration.waitsFor)
  const chain = createChainFollower({
    client,
    pollMilliseconds: config.pollMilliseconds,
    memoryBlocks,
    patience: patienceOf(config.lagPatienceSeconds),
    resumeFrom: settlement.resumeFrom,
    logger: stage('chain'),
  })
  chain.listen(async (update: ChainUpdate) => {
    await Promise.all([
      settlement.onChainUpdate(update),
      networkFees.onChainUpdate(update),
      signers.onBlock(update.head.number),
    ])
    house.onBlock(update.head.number)
    tokens.onChainUpdate(update)
  })
  // Validity is measured by blocks' timestamps: where the chain is ahead of the clock, its time counts.
  const now = (): number => Math.max(clock(), Number(chain.head().timestamp))
  const sponsorship = createSponsorship({
    hashOf: createTermsHash({ chainId, entryPoint }),
    paymaster,
    markupBps,
    decider: deciderOfKeys(decider, apiKeys.rules.policies),
    judgeSender: createSenderJudge({ client, entryPoint, nonceWindow: config.nonceWindow }),
    ledger,
    signers,
    brake,
    now,
    onGrant(granted, request) {
      const { decision, userOperationHash } = granted
      metrics.onGrant(decision)
      decisions.onGranted(request, granted)
      const { mode, policy, maxCostWei } = decision
      signingLogger.info(
        { userOperationHash, mode, policy: policy?.id, maxCostWei: String(maxCostWei) },
        'an operation is signed for',
      )
    },
    onRecordFailed: error => stage('ledger').error({ error }, 'a signature could not be recorded'),
  })
  metrics.watch({ ledger, treasury, policies, brake, signer: signers, reconciliation })

  const alerts = composeAlerts({
    ...{ config, database, token, ledger, policies, signers, tokens, webhooks, audit, live, now, clock },
    readOverview: range => explorer.readOverview(range),
    logger: stage('alerts'),
  })
  const explorer = composeExplorer({
    ...{ config, client, entryPoint, paymaster, ledger, treasury, tokens, brake, now },
    openAlerts: alerts.openAlerts,
  })
  const admin = createAdmin({
    ...{ config, database, client, facts, brake, audit, live },
    command: createOperatorCommands({ brake, policies, signers, now: clock }),
    authenticateKey: apiKeys.authenticateKey,
    resources: [
      createApiKeysRoutes({ book: apiKeys.book, audit, live, now: clock }),
      tokensRoutes,
      createPoliciesRoutes({
        ...{ book: policies, database, token, audit, live, now, readOperation: readUserOperation },
        dryRun: createDryRun({ ...deciding, tryReserve: ledger.tryReserve }),
      }),
      ...explorer.resources,
      ...webhooks.routes,
      ...alerts.routes,
      ...house.routes({ brake, audit }),
    ],
    url: () => server.url(),
    clock: systemClock,
    logger: stage('admin'),
  })

  const rpcLogger = stage('rpc')
  const server = createHttpServer({
    host: config.host,
    port: config.port,
    dispatcher: createDispatcher({
      methods: createRpcMethods({
        facts,
        sponsorship: decisions.watch(sponsorship),
        decider,
        pricing,
        tokens,
        judgeCaller: decisions.watchDoor(caller => brake.judgeCaller(caller) ?? readiness.judge()),
        keys: apiKeys.rules,
        onRefusedByKey: decisions.onRefused,
        now,
      }),
      maxBatchLength: config.maxBatchLength,
      batchConcurrency: 8,
      logger: rpcLogger,
      onCall: metrics.onCall,
    }),
    registry,
    health: createHealthCheck({
      chain,
      position: ledger.position,
      treasury,
      settings: treasurySettings,
      readiness,
      brake,
      signer: signers,
      reconciliation,
      policies,
      leaderTip,
      storage: storageWatch,
    }),
    maxBodyBytes: config.maxBodyBytes,
    maxConnections: config.maxConnections,
    callsPerSecond: config.callsPerSecond,
    bytesPerSecond: config.bytesPerSecond,
    trustedProxies: config.trustedProxies,
    identify: decisions.watchKeys(apiKeys.identify),
    sites: admin.sites,
    clock: systemClock,
    logger: rpcLogger,
  })
  const storage: Part = {
    name: 'database',
    async start() {
      await brake.start()
      await signers.start()
    },
    async stop() {
      await signing.stop()
      await ledger.settled()
      await database.destroy()
    },
  }
  const announcement = createAnnouncement({
    ...{ url: server.url, chainId, readiness, policies, signers, logger },
    contracts: { entryPoint, paymaster, token: token.address },
  })
  const readers = [settlement, networkFees, chain, tokens].map(part => patientStart(part, logger))
  const control = createControlSocket({
    path: config.controlSocket ?? controlPathOf(config.dataFile),
    handle: admin.command,
    logger: stage('operator'),
  })
  // The door first: whoever asks while the chain is read and stake and deposit are mined is told so.
  const parts = [
    storage,
    apiKeys.part,
    webhooks.part,
    decisions.part,
    explorer.part,
    control,
    server,
    admin.part,
    house.desk,
    treasury,
    ...readers,
    reconciliation,
    alerts.part,
    announcement,
  ]
  return {
    ...inOrder(parts, logger),
    url: server.url,
    ready: readiness.ready,
    async reload() {
      await policies.reload()
      await signers.reload()
    },
  }
}
