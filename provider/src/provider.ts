// The composition root: builds the parts, lets the chain drive them, and mounts what they serve. Each part adds its own
// lines, and is told what it needs of the others here alone.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { createChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { readGenesisHash } from '@worldland-aa/service/chain/readGenesisHash'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { systemClock } from '@worldland-aa/service/clock'
import { patienceOf } from '@worldland-aa/service/config/lagPatience'
import { createStorageWatch } from '@worldland-aa/service/database/storageWatch'
import { createCallers } from '@worldland-aa/service/http/callers'
import { createDoorMetrics } from '@worldland-aa/service/http/doorMetrics'
import { inOrder, type Part, type Reloadable } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import { patientStart } from '@worldland-aa/service/patientStart'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { composeAccess } from './access/composeAccess.ts'
import { createAnnouncement } from './announcement.ts'
import { readContractsFile } from './chain/contractsFile.ts'
import { createSender } from './chain/createSender.ts'
import { tellParts } from './chain/tellParts.ts'
import type { ProviderConfig } from './config.ts'
import { openProviderDatabase } from './database.ts'
import { databasePath, filesFolder, sealingKeyPath, sshHostKeyPath } from './dataFiles.ts'
import { createPublicDoor } from './doors/publicDoor.ts'
import type { RouteGroup } from './doors/routeGroup.ts'
import { composeFiles } from './files/composeFiles.ts'
import { fileLimitsOf } from './files/fileLimits.ts'
import { openStore } from './files/openStore.ts'
import { composeServerless } from './gateway/composeServerless.ts'
import { createGpuBook } from './hardware/gpuBook.ts'
import { brokenPromises, discoverHardware } from './hardware/hardware.ts'
import { composeLeases } from './leases/composeLeases.ts'
import { machineKeyOf } from './leases/machineSpec.ts'
import { openSealingKeys } from './leases/sealingKeys.ts'
import { chooseDriver } from './machines/chooseDriver.ts'
import { createMarketBook } from './market/marketBook.ts'
import { createMarketDesk } from './market/marketDesk.ts'
import { createProviderMetrics } from './metrics.ts'
import { composeOperator } from './operator/composeOperator.ts'
import { createDrain } from './operator/drain.ts'
import { createEarnings } from './operator/earnings.ts'
import { createEarningsReader } from './operator/readEarnings.ts'
import { composeTraining } from './training/composeTraining.ts'

/** Blocks kept in memory: the deepest reorg that is walked back block by block. */
const memoryBlocks = 256

export type Provider = Part & Required<Reloadable> & { url(): string }

/** Throws, with the reason and the remedy, when settings, files, node or contracts will not do. */
export async function createProvider(config: ProviderConfig, logger: Logger): Promise<Provider> {
  const stage = (name: string): Logger => logger.child({ stage: name })
  const contractsRead = readContractsFile(config.contractsFile)
  if (!contractsRead.ok) throw new ExitError(exitCodes.configuration, contractsRead.refusal)
  const contracts = contractsRead.value
  const market = createMarketBook(config.marketFile, stage('market'))
  const { client, chainId } = await connectNode(config.rpcUrl)
  if ((await client.getCode({ address: contracts.instanceLease })) === undefined) {
    throw new ExitError(
      exitCodes.configuration,
      `${config.contractsFile}: there is no contract at instanceLease ${contracts.instanceLease} on chain ${chainId}: give the file of this chain's market by --contracts-file`,
    )
  }
  const sealingKeys = openSealingKeys(sealingKeyPath(config.dataFolder), config.allowOpenKeyFiles)
  const owner = privateKeyToAccount(config.providerKey as Hex)
  const { bundlerUrl, paymasterUrl, rpcUrl, pollMilliseconds, finalityBlocks } = config
  /** What listeners hear of first: the follower takes a block in when all of them have. */
  let heard: BlockReference | undefined
  const head = (): BlockReference => heard ?? chain.head()
  const { sender, wallet, signer } = await createSender({
    ...{ client, chainId, contracts, owner, head, rpcUrl, bundlerUrl, paymasterUrl, pollMilliseconds },
    logger: stage('sender'),
  })

  const dataFile = databasePath(config.dataFolder)
  const storageWatch = createStorageWatch({ path: dataFile, logger: stage('database') })
  const { database, commits } = await openProviderDatabase({
    path: dataFile,
    watch: storageWatch,
    mine: {
      chain_id: chainId,
      genesis_hash: await readGenesisHash(client),
      provider: sender.address.toLowerCase(),
      instance_lease: contracts.instanceLease.toLowerCase(),
    },
  })
  const hardware = await discoverHardware(config.dataFolder, stage('hardware'))
  const promises = (): readonly string[] => brokenPromises(market.inForce(), hardware)
  const warnOfPromises = (): void => {
    for (const broken of promises()) stage('hardware').warn(broken)
  }
  warnOfPromises()
  market.onChange(warnOfPromises)
  const gpus = createGpuBook({ database, commits, gpus: hardware.gpus, isWithoutGpus: config.withoutGpus })
  const drain = createDrain(database, commits)
  const chain = createChainFollower({
    client,
    pollMilliseconds,
    memoryBlocks,
    patience: patienceOf(config.lagPatienceSeconds),
    logger: stage('chain'),
  })
  const storage: Part = {
    name: 'database',
    async start() {
      await gpus.start()
      await drain.start()
    },
    async stop() {
      await commits.settled()
      await database.destroy()
    },
  }

  const machines = await chooseDriver({
    wanted: config.driver,
    engineSocket: config.engineSocket,
    defaultImage: config.defaultImage,
    diskReserveGiB: config.diskReserveGib,
    imageIdleHours: config.imageIdleHours,
    provider: sender.address,
    dataFolder: config.dataFolder,
    logger: stage('machines'),
  })
  if (!machines.ok) throw new ExitError(exitCodes.configuration, machines.refusal.message)
  const driver = machines.value
  const machinery: Part = { name: 'machines', async start() {}, stop: () => driver.close() }

  const registry = createRegistry()
  const callers = createCallers(config.trustedProxies)
  const turnedAway = createDoorMetrics(registry)
  const publicUrl = (): string => config.publicUrl ?? door.url()
  const access = composeAccess({
    ...{ client, chainId, contracts, driver, callers, registry, publicUrl, database, finalityBlocks },
    ssh: {
      host: config.sshHost,
      port: config.sshPort,
      publicHost: () => config.sshPublicHost ?? new URL(publicUrl()).hostname,
      hostKeyFile: sshHostKeyPath(config.dataFolder),
    },
    clock: systemClock,
    logger: stage('access'),
  })
  const store = await openStore(config, filesFolder(config.dataFolder))
  const fileLimits = fileLimitsOf(config)
  const files = await composeFiles({
    ...{ database, commits, client, contracts, callers, registry, head, publicUrl },
    ...{ authorisations: access.authorisations, holdersBy: access.holdersBy },
    store,
    folder: filesFolder(config.dataFolder),
    confirmationBlocks: finalityBlocks,
    limits: fileLimits,
    clock: systemClock,
    logger: stage('files'),
  })
  const training = composeTraining({
    ...{
      database,
      commits,
      client,
      contracts,
      chainId,
      sender,
      driver,
      files,
      store,
      machineKeyOf,
      publicUrl,
    },
    signer,
    records: config.recordTrainings,
    mostOutputBytes: fileLimits.perAgreementBytes,
    confirmationBlocks: finalityBlocks,
    clock: systemClock,
    logger: stage('training'),
  })

  const metrics = createProviderMetrics(registry)
  const marketDesk = createMarketDesk({
    ...{ client, contracts, sender, wallet, market, logger: stage('market') },
    sealKey: sealingKeys[0].publicKey,
    isDraining: drain.isOn,
  })
  const earnings = createEarnings({
    ...{ database, commits, head, finalityBlocks, fromBlock: config.earningsFromBlock },
    read: createEarningsReader({ client, contracts, provider: sender.address }),
    logger: stage('earnings'),
  })
  const leases = await composeLeases({
    ...{ client, contracts, chainId, sender, driver, gpus, database, commits, market, head, finalityBlocks },
    ...{ access, payerScore: earnings.paidAgreements, isDraining: drain.isOn, onAct: metrics.onAct },
    privateKeys: sealingKeys.map(({ privateKey }) => privateKey),
    logger: stage('leases'),
  })
  const { payments, gateway } = composeServerless({
    ...{ client, chainId, contracts, chain, sender, driver, gpus, database, commits, market },
    ...{ registry, callers, turnedAway, finalityBlocks, dataFolder: config.dataFolder },
    offerIds: marketDesk.offerIds,
    isDraining: drain.isOn,
    workerHost: config.workerHost,
    workerPort: config.workerPort,
    webhookRules: { allowPrivateNetworks: config.webhookPrivateNetworks },
    unsignedIntervalSeconds: config.unsignedIntervalSeconds,
    clock: systemClock,
    logger,
  })
  for (const { onChange } of [market, drain])
    onChange(() => {
      marketDesk.look()
      leases.look()
    })
  const told = tellParts({
    // Leases first: pongs have a deadline, and wait for nobody's review.
    atOnce: [
      update => {
        heard = update.head
      },
      leases.onChainUpdate,
      marketDesk.onChainUpdate,
    ],
    inTurn: [
      // Before whatever asks who may what at this block.
      { name: 'access', hear: access.onUpdate },
      { name: 'payments', hear: payments.onChainUpdate },
      { name: 'trainings', hear: ({ head: { number } }) => training.recorder.look(number) },
      { name: 'earnings', hear: earnings.onBlock },
    ],
  })
  chain.listen(told.hear)
  metrics.watch({
    ...{
      rounds: leases,
      partsBehind: told.behind,
      gpus,
      gpuCount: hardware.gpus.length,
      isDraining: drain.isOn,
    },
    isRegistered: () => marketDesk.problem() === undefined,
    earnedWei: async () => (await earnings.final()).reduce((sum, { wei }) => sum + wei, 0n),
  })

  const groups: readonly RouteGroup[] = [
    gateway.routes,
    payments.routes,
    access.group,
    files.group,
    training.group,
  ]
  const door = createPublicDoor({
    ...{ groups, callers, turnedAway },
    host: config.host,
    port: config.port,
    maxBodyBytes: config.maxBodyBytes,
    maxConnections: config.maxConnections,
    callsPerSecond: config.callsPerSecond,
    bytesPerSecond: config.bytesPerSecond,
    clock: systemClock,
    logger: stage('door'),
  })
  const operator = composeOperator({
    ...{ config, chain, storageWatch, market, marketDesk, leases, earnings, driver, gpus, drain },
    ...{ registry, callers, turnedAway, brokenPromises: promises, provider: sender.address },
    gpuCount: hardware.gpus.length,
    endpoints: gateway.status,
    partsBehind: told.behind,
    checks: { payment: payments.check, endpoints: gateway.check },
    logger: stage('operator'),
  })
  const announcement = createAnnouncement({
    url: door.url,
    operatorUrl: operator.url,
    facts: {
      chainId,
      provider: sender.address,
      driver: driver.name,
      offers: market.inForce().offers.map(({ name }) => name),
    },
    logger,
  })
  const parts = [
    storage,
    machinery,
    ...operator.parts,
    access.part,
    // It ends after the chain, whose blocks set it going.
    payments,
    patientStart(chain, logger),
    files.part,
    training.part,
    gateway,
    door,
    marketDesk,
    leases,
    earnings,
    announcement,
  ]
  return {
    ...inOrder(parts, logger),
    url: door.url,
    async reload() {
      market.reload()
    },
  }
}
