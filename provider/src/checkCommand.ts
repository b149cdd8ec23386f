// `worldland-provider check`: would `start` serve with these settings, and what does it lack? Asks all that a start asks,
// and changes nothing.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { getProvider } from '@worldland-aa/sdk/actions/market/getProvider'
import { getTokenBalance } from '@worldland-aa/sdk/actions/token/getTokenBalance'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { readGenesisHash } from '@worldland-aa/service/chain/readGenesisHash'
import { type CheckLine, obstacle, tellCheck } from '@worldland-aa/service/cli/checkReport'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { examineDataFile } from '@worldland-aa/service/database/examineDataFile'
import { createLogger } from '@worldland-aa/service/logger'
import { type Address, formatEther, type Hex, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { backups } from './backups.ts'
import { readContractsFile } from './chain/contractsFile.ts'
import { createSender } from './chain/createSender.ts'
import { type ProviderConfig, providerDefinition } from './config.ts'
import { databasePath, sealingKeyPath } from './dataFiles.ts'
import { brokenPromises, discoverHardware } from './hardware/hardware.ts'
import { chooseDriver } from './machines/chooseDriver.ts'
import type { MarketFile } from './market/marketSchema.ts'
import { readMarketFile } from './market/readMarketFile.ts'

const quiet = createLogger({ name: 'check', level: 'silent' })

export const checkCommand = subcommand({
  name: 'check',
  description:
    'tell whether start would serve with these settings, what this machine has, and what the provider lacks; exits with 1 if not',
  example:
    '  worldland-provider check --rpc-url http://127.0.0.1:8545 --contracts-file contracts.json --provider-key-file provider.key',
  definition: providerDefinition,
  run: async config => tellCheck('worldland-provider', await checkLines(config)),
})

async function checkLines(config: ProviderConfig): Promise<readonly CheckLine[]> {
  const contracts = readContractsFile(config.contractsFile)
  const market = readMarketFile(config.marketFile)
  return [
    ...(contracts.ok ? await chainLines(config, contracts.value, market.ok ? market.value : undefined) : []),
    ...(contracts.ok ? [] : [obstacle('contracts', contracts.refusal)]),
    ...(market.ok ? marketLines(market.value) : [obstacle('market file', market.refusal)]),
    ...(await machineLines(config, market.ok ? market.value : undefined)),
    sealingLine(config),
  ]
}

async function chainLines(
  config: ProviderConfig,
  contracts: ComputeContracts,
  market: MarketFile | undefined,
): Promise<readonly CheckLine[]> {
  const { client, chainId } = await connectNode(config.rpcUrl)
  const chain = { subject: 'chain', says: String(chainId) }
  if ((await client.getCode({ address: contracts.instanceLease })) === undefined) {
    const says = `there is no contract at instanceLease ${contracts.instanceLease}: give the file of this chain's market`
    return [chain, obstacle('contracts', says)]
  }
  const { bundlerUrl, paymasterUrl, rpcUrl, pollMilliseconds } = config
  const { sender } = await createSender({
    ...{ client, chainId, contracts, bundlerUrl, paymasterUrl, rpcUrl, pollMilliseconds, logger: quiet },
    owner: privateKeyToAccount(config.providerKey as Hex),
    head: () => ({ number: 0n, hash: '0x' }),
  })
  const identity = {
    chain_id: chainId,
    genesis_hash: await readGenesisHash(client),
    provider: sender.address.toLowerCase(),
    instance_lease: contracts.instanceLease.toLowerCase(),
  }
  return [
    chain,
    { subject: 'contracts', says: `InstanceLease ${contracts.instanceLease}` },
    ...(await fundLines({
      client,
      contracts,
      provider: sender.address,
      isCoinless: bundlerUrl !== undefined,
      market,
    })),
    ...(bundlerUrl === undefined ? [] : [await bundlerLine(bundlerUrl)]),
    examineDataFile(databasePath(config.dataFolder), backups.kind, identity),
  ]
}

async function fundLines(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly provider: Address
  readonly isCoinless: boolean
  readonly market: MarketFile | undefined
}): Promise<readonly CheckLine[]> {
  const { client, contracts, provider, isCoinless, market } = options
  const [registered, tokenWei, coinWei] = await Promise.all([
    getProvider(client, { contracts, provider }),
    getTokenBalance(client, { contracts, holder: provider }),
    client.getBalance({ address: provider }),
  ])
  const kind = isCoinless ? 'a ComputeAccount' : 'an ordinary key'
  const holds = `${formatEther(tokenWei)} tokens and ${formatEther(coinWei)} coin`
  const stakedWei =
    registered === undefined ? 0n : registered.bondWei - (registered.unstaking?.amountWei ?? 0n)
  const wantedWei = market?.stakeWei ?? 0n
  const missingWei = wantedWei - stakedWei - tokenWei - coinWei
  const stake = `${formatEther(stakedWei)} of ${formatEther(wantedWei)} staked, ${formatEther(registered?.lockedWei ?? 0n)} of it locked by leases`
  return [
    {
      subject: 'provider',
      says: `${provider} (${kind}, ${registered ? 'registered' : 'not registered yet'}), holds ${holds}`,
    },
    missingWei > 0n
      ? obstacle(
          'stake',
          `${stake}: send it ${formatEther(missingWei)} ${isCoinless ? 'tokens' : 'coin'} and a little for gas`,
        )
      : { subject: 'stake', says: stake },
  ]
}

async function bundlerLine(bundlerUrl: string): Promise<CheckLine> {
  const { origin } = new URL(bundlerUrl)
  try {
    await connectNode(bundlerUrl)
    return { subject: 'bundler', says: `${origin} answers` }
  } catch {
    return obstacle('bundler', `${origin} does not answer: is it running, and is --bundler-url right?`)
  }
}

function marketLines({ name, offers, endpoints }: MarketFile): readonly CheckLine[] {
  const named = (all: readonly string[]): string => all.join(', ') || 'none'
  return [
    {
      subject: 'market file',
      says: `${name}: offers ${named(offers.map(offer => offer.name))}; endpoints ${named(endpoints.map(({ id }) => id))}`,
    },
  ]
}

async function machineLines(
  config: ProviderConfig,
  market: MarketFile | undefined,
): Promise<readonly CheckLine[]> {
  // Looking for a driver makes its folder: nothing is to be made of the provider's own.
  const folder = mkdtempSync(join(tmpdir(), 'provider-check-'))
  try {
    const { driver: wanted, engineSocket, defaultImage, diskReserveGib: diskReserveGiB } = config
    const place = { provider: 'check', dataFolder: folder, logger: quiet }
    const driver = await chooseDriver({
      wanted,
      engineSocket,
      defaultImage,
      diskReserveGiB,
      imageIdleHours: 0,
      ...place,
    })
    const hardware = await discoverHardware(existingPart(config.dataFolder), quiet)
    const { gpus, cpus, memoryMiB, diskGiB } = hardware
    const gpuNames = gpus.map(({ name, memoryMiB }) => `${name} (${memoryMiB} MiB)`).join(', ') || 'no GPU'
    const broken = market === undefined ? [] : brokenPromises(market, hardware)
    const consequence = config.withoutGpus
      ? 'they are served without GPUs'
      : 'who asks for a GPU that is not free is refused'
    if (driver.ok) await driver.value.close()
    return [
      driver.ok
        ? {
            subject: 'machines',
            says: `${driver.value.name}${driver.value.isIsolated ? '' : ': NOT isolated from this host'}`,
            isDrawback: !driver.value.isIsolated,
          }
        : obstacle('machines', driver.refusal.message),
      {
        subject: 'hardware',
        says: `${gpuNames}, ${cpus} CPUs, ${memoryMiB} MiB of memory, ${diskGiB} GiB of disk free`,
      },
      ...broken.map(says => ({ subject: 'promises', says: `${says}: ${consequence}`, isDrawback: true })),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The nearest folder above that is there. */
function existingPart(folder: string): string {
  let at = resolve(folder)
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  return at
}

function sealingLine({ dataFolder, allowOpenKeyFiles }: ProviderConfig): CheckLine {
  const path = sealingKeyPath(dataFolder)
  const subject = 'sealing key'
  if (!existsSync(path)) return { subject, says: `${path} will be made: keep a copy of it` }
  const problem = allowOpenKeyFiles ? undefined : openFileProblem(path)
  return problem === undefined ? { subject, says: path } : obstacle(subject, problem)
}
