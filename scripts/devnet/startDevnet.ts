// The whole suite on one machine: chain, contracts, bundler, paymaster, two providers that serve. For
// `npm run devnet`, the demo and the end-to-end tests alike.
import { renameSync, writeFileSync } from 'node:fs'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Address, Hex } from 'viem'
import { deployAll } from '../deploy/deployAll.ts'
import { createDeploymentClient } from '../deploy/deploymentClient.ts'
import { allowPaymasterSigner } from '../deploy/paymasterSigners.ts'
import { type BlockTime, startBlockProduction } from './blockProduction.ts'
import type { Child } from './childProcess.ts'
import { createCleanup } from './cleanup.ts'
import { consoleLink } from './consoleLink.ts'
import { daemonProgram } from './daemonProcess.ts'
import { openDataDirectory } from './dataDirectory.ts'
import { DevnetError } from './devnetError.ts'
import { type DevnetKeys, devnetKeys } from './devnetKeys.ts'
import { devnetPorts } from './devnetPorts.ts'
import { startProviderAgent } from './providerAgent.ts'
import { seedMarket } from './seedMarket.ts'
import { seedProviders } from './seedOffers.ts'
import { type MoreSettings, startDaemons } from './startDaemons.ts'
import { devnetChainId, startNode } from './startNode.ts'
import { startWatchdog } from './watchdog.ts'

/** What .devnet/devnet.json holds. */
export type DevnetFile = {
  readonly chainId: number
  readonly rpcUrl: string
  /** Serves the paymaster's methods as well. */
  readonly bundlerUrl: string
  readonly paymasterUrl: string
  readonly entryPoint: Address
  readonly contracts: ComputeContracts
  /** A private key with native coins to give away. */
  readonly faucetKey: Hex
}

export type Devnet = DevnetFile & {
  readonly keys: DevnetKeys
  /** By name: node, bundler, paymaster. */
  readonly processIds: Readonly<Record<string, number>>
  readonly dataDirectory: string
  /** Resolves, with the reason in words, when a part of the devnet has ended by itself. */
  readonly failed: Promise<string>
  /** Into the paymaster's console, once. */
  consoleLink(role?: 'viewer' | 'operator' | 'admin'): Promise<string>
  stop(): Promise<void>
}

export type DevnetOptions = {
  /** The node's port; bundler and paymaster take the next two. 0 takes any free ones. */
  readonly portBase: number
  readonly blockTime: BlockTime
  readonly dataDirectory: string
  /** Go on with the chain and the databases of the last run. */
  readonly keep?: boolean
  /** Providers that accept and serve by themselves. Default: true. */
  readonly serving?: boolean
  readonly daemonSettings?: MoreSettings
  /** Ends the start; what was started is stopped. */
  readonly signal?: AbortSignal | undefined
  readonly onStep?: ((step: string) => void) | undefined
  /** Problems that do not end the devnet. */
  readonly onError?: ((problem: string, error: unknown) => void) | undefined
}

/** Throws `DevnetError` when it cannot start; then nothing of it is left running. */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { onError = () => undefined } = options
  const cleanup = createCleanup(onError)
  try {
    return await start(options, cleanup)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

async function start(options: DevnetOptions, cleanup: ReturnType<typeof createCleanup>): Promise<Devnet> {
  const { portBase, blockTime, serving = true, onStep = () => undefined, onError = () => undefined } = options
  const signal = options.signal ?? new AbortController().signal
  const keys = devnetKeys()
  for (const daemon of ['bundler', 'paymaster'] as const) daemonProgram(daemon)
  const ports = await devnetPorts(portBase)
  const data = openDataDirectory(options.dataDirectory, { keep: options.keep ?? false })
  cleanup.add('data directory', data.release)
  const watchdog = startWatchdog()
  cleanup.add('watchdog', watchdog.stop)
  const children: Child[] = []
  const onStarted = (child: Child): void => {
    children.push(child)
    cleanup.add(child.name, child.stop)
  }

  onStep(`starting the chain on port ${ports.node}`)
  const node = await startNode({
    port: ports.node,
    stateFile: data.chainStateFile,
    logFile: data.file('node.log'),
    watchdog,
    signal,
    onStarted,
  })
  const rpcUrl = `http://127.0.0.1:${ports.node}`
  onStep('deploying the EntryPoint, the market and the paymaster')
  const { entryPoint, contracts } = await deploy(rpcUrl, keys)
  signal.throwIfAborted()
  onStep('seeding the market, starting bundler and paymaster')
  const providers = await Promise.all(
    keys.providers.map(async ({ privateKey }) =>
      createDeploymentClient({ rpcUrl, privateKey, pollMilliseconds: 20 }),
    ),
  )
  // Side by side: most of a daemon's start is reading its modules.
  const [urls] = await Promise.all([
    startDaemons({
      rpcUrl,
      ports,
      keys,
      contracts,
      data,
      watchdog,
      signal,
      onStarted,
      more: options.daemonSettings ?? {},
    }),
    seedMarket({
      contracts,
      providers: seedProviders.flatMap((seed, index) => {
        const client = providers[index]
        return client === undefined ? [] : [{ client, seed }]
      }),
    }),
  ])
  signal.throwIfAborted()
  const production = await startBlockProduction(node.testClient, {
    blockTime,
    onError: error => onError('A block could not be mined', error),
  })
  cleanup.add('block production', production.stop)
  for (const client of serving ? providers : []) {
    const agent = startProviderAgent({
      client,
      contracts,
      pollMilliseconds: 250,
      bootMilliseconds: 1_500,
      onError: error => onError('A provider could not serve', error),
    })
    cleanup.add('provider', agent.stop)
  }

  const file: DevnetFile = {
    chainId: devnetChainId,
    rpcUrl,
    ...urls,
    entryPoint,
    contracts,
    faucetKey: keys.faucet.privateKey,
  }
  // In one move: who waits for the file must never read half of it.
  writeFileSync(`${data.devnetFile}.new`, `${JSON.stringify(file, undefined, 2)}\n`)
  renameSync(`${data.devnetFile}.new`, data.devnetFile)
  return {
    ...file,
    keys,
    processIds: Object.fromEntries(children.map(({ name, pid }) => [name, pid])),
    dataDirectory: data.path,
    failed: Promise.race(children.map(child => child.ended)),
    consoleLink: role => consoleLink(data.file('paymaster.sqlite'), role),
    stop: cleanup.run,
  }
}

async function deploy(
  rpcUrl: string,
  keys: DevnetKeys,
): Promise<{ entryPoint: Address; contracts: ComputeContracts }> {
  const client = await createDeploymentClient({
    rpcUrl,
    privateKey: keys.deployer.privateKey,
    pollMilliseconds: 20,
  })
  const deployed = await deployAll({ client, paymasterOwner: keys.paymasterOwner.address })
  if (!deployed.ok) throw new DevnetError(deployed.refusal.message)
  const owner = await createDeploymentClient({
    rpcUrl,
    privateKey: keys.paymasterOwner.privateKey,
    pollMilliseconds: 20,
  })
  const { paymaster } = deployed.value.contracts
  const allowed = await allowPaymasterSigner({
    client: owner,
    paymaster,
    signer: keys.paymasterSigner.address,
  })
  if (!allowed.ok) throw new DevnetError(allowed.refusal.message)
  return deployed.value
}
