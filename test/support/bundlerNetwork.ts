// Bundlers of one registry on a test's chain: each a process of its own with operator, executors, data file and log, that
// a test starts, kills and starts again.

import { join } from 'node:path'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import type { Address, Hash, Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { deployRegistry, type RegistryChain } from '../../bundler/src/participation/testing/registryChain.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import type { TestChain } from './chain.ts'
import type { CrowdOperation } from './crowd.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import { eventually } from './eventually.ts'
import { resultOf } from './rpc.ts'
import { subfolder } from './workFolder.ts'

export type NetworkBundler = {
  readonly nodeKey: Hex
  readonly operatorKey: Hex
  readonly executorKeys: readonly Hex[]
  readonly executors: readonly Address[]
  readonly port: number
  /** Holds its `bundler.sqlite` and `bundler.log`, however often it is started. */
  readonly folder: string
  /** 0: not registered. */
  bundlerId: number
  daemon: Daemon | undefined
}

export type NetworkStatus = {
  readonly mode: string
  readonly problems: readonly string[]
  readonly peers: readonly unknown[]
  readonly promises?: { readonly signed: number; readonly own: Readonly<Record<string, number>> }
  readonly registry: {
    readonly bundler: { readonly bundlerId: number; readonly strikes: number } | null
    readonly leader: number | null
  }
}

export type StartOptions = {
  /** Of its node; the chain's own unless given. */
  readonly rpcUrl?: string
  /** It knows of no registry and no peers, and bundles whenever it has something. */
  readonly isAlone?: boolean
  readonly flags?: Readonly<Record<string, string | number>>
}

export type BundlerNetwork = {
  readonly registry: RegistryChain
  readonly bundlers: readonly NetworkBundler[]
  running(): readonly NetworkBundler[]
  /** With its executors and address; while the chain mines when asked. */
  register(bundler: NetworkBundler): Promise<void>
  start(bundler: NetworkBundler, options?: StartOptions): Promise<void>
  /** SIGKILL. */
  kill(bundler: NetworkBundler): Promise<void>
  killAll(): Promise<void>
  statusOf(bundler: NetworkBundler): Promise<NetworkStatus>
  /** The sum of a metric over those of its labels that are asked for. */
  metricOf(bundler: NetworkBundler, name: string, labels?: string): Promise<number>
  /** Mines until these have a table to go by, and from then on a block every so many seconds. */
  untilLed(bundlers: readonly NetworkBundler[], blockSeconds: number): Promise<void>
  untilConnected(bundlers: readonly NetworkBundler[], peers: number): Promise<void>
  /** One after the other, to one of these after the other; their hashes once all are acknowledged. */
  send(operations: readonly CrowdOperation[], to: readonly NetworkBundler[]): Promise<readonly Hash[]>
}

const ether = 10n ** 18n

/** Throws while it does not run. */
export function urlOf({ daemon }: NetworkBundler): string {
  if (daemon === undefined) throw new Error('it does not run')
  return daemon.url
}

/** None of them registered or started; on a chain that mines every transaction at once. */
export async function prepareBundlers(options: {
  readonly chain: TestChain
  readonly count: number
  readonly folder: string
}): Promise<BundlerNetwork> {
  const { chain, folder } = options
  const registry = await deployRegistry({ client: chain.client, anvil: chain.anvil })
  const bundlers: NetworkBundler[] = []
  for (let index = 0; index < options.count; index++) bundlers.push(await prepare())

  async function prepare(): Promise<NetworkBundler> {
    const operatorKey = generatePrivateKey()
    const executorKeys = [generatePrivateKey(), generatePrivateKey()]
    const executors = executorKeys.map(key => privateKeyToAccount(key).address)
    for (const address of [privateKeyToAccount(operatorKey).address, ...executors])
      await chain.anvil.setBalance({ address, value: 100n * ether })
    const port = await freePort()
    const own = { nodeKey: generatePrivateKey(), operatorKey, executorKeys, executors, port }
    return { ...own, folder: subfolder(folder), bundlerId: 0, daemon: undefined }
  }

  function turnFlags({ port }: NetworkBundler): Readonly<Record<string, string>> {
    return {
      'bundler-registry': registry.address,
      'bundle-guard': chain.deployment.contracts.bundleGuard,
      'p2p-listen': `/ip4/127.0.0.1/tcp/${port}`,
    }
  }

  async function statusOf(bundler: NetworkBundler): Promise<NetworkStatus> {
    const status = await resultOf<{ participation: NetworkStatus }>(
      urlOf(bundler),
      'worldland_getBundlerStatus',
    )
    return status.participation
  }

  async function kill(bundler: NetworkBundler): Promise<void> {
    const { daemon } = bundler
    bundler.daemon = undefined
    await daemon?.kill()
  }

  return {
    registry,
    bundlers,
    running: () => bundlers.filter(({ daemon }) => daemon !== undefined),
    async register(bundler) {
      const { nodeKey, executorKeys, port } = bundler
      bundler.bundlerId = await registry.register({
        nodeKey: privateKeyToAccount(nodeKey),
        executors: executorKeys.map(key => privateKeyToAccount(key)),
        addresses: `/ip4/127.0.0.1/tcp/${port}`,
      })
    },
    async start(bundler, { rpcUrl = chain.rpcUrl, isAlone = false, flags = {} } = {}) {
      const { executorKeys, nodeKey, operatorKey, folder: own } = bundler
      bundler.daemon = await startDaemon({
        main: join(workspaceRoot, 'bundler/packed/main.js'),
        flags: {
          'rpc-url': rpcUrl,
          port: 0,
          'data-file': join(own, 'bundler.sqlite'),
          'poll-milliseconds': 100,
          'calls-per-second': 0,
          'log-level': 'debug',
          ...(isAlone ? {} : turnFlags(bundler)),
          ...flags,
        },
        environment: {
          WORLDLAND_BUNDLER_EXECUTOR_KEYS: executorKeys.join(','),
          ...(!isAlone && {
            WORLDLAND_BUNDLER_NODE_KEY: nodeKey,
            WORLDLAND_BUNDLER_OPERATOR_KEY: operatorKey,
          }),
        },
        logFile: join(own, 'bundler.log'),
      })
    },
    kill,
    async killAll() {
      await Promise.all(bundlers.map(kill))
    },
    statusOf,
    async metricOf(bundler, name, labels = '') {
      const text = await (await fetch(`${urlOf(bundler)}/metrics`)).text()
      const lines = text.split('\n').filter(line => /^\w+/.exec(line)?.[0] === name && line.includes(labels))
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    async untilLed(led, blockSeconds) {
      const { number } = await chain.client.getBlock()
      const epoch = (number + 96n) / 256n + 1n
      // The nodes see block after block, and one of them has the table stored.
      await registry.mineTo(epoch * 256n - 31n)
      for (let block = 0; block < 60 && (await registry.leaderAt(epoch * 256n, 0)) === 0; block++) {
        await new Promise(resolve => setTimeout(resolve, 500))
        await chain.anvil.mine({ blocks: 1 })
      }
      await registry.mineTo(epoch * 256n)
      await chain.mineEvery(blockSeconds)
      for (const bundler of led)
        await eventually(
          'a leader being known',
          () => statusOf(bundler),
          ({ mode }) => mode === 'registered',
        )
    },
    async untilConnected(connected, wanted) {
      for (const bundler of connected)
        await eventually(
          'its peers being met',
          () => statusOf(bundler),
          ({ peers }) => peers.length >= wanted,
          120,
        )
    },
    async send(operations, to) {
      const { entryPoint } = chain.deployment
      for (const [index, { wire }] of operations.entries()) {
        const bundler = to[index % to.length] as NetworkBundler
        await resultOf(urlOf(bundler), 'eth_sendUserOperation', wire, entryPoint)
      }
      return operations.map(({ hash }) => hash)
    },
  }
}
