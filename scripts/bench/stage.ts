// One load at one concurrency, from the first send to the last landing.
import type { Address } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import type { BenchAccount } from './accounts.ts'
import { watchLanding } from './landing.ts'
import { readLanes } from './lanes.ts'
import { sendAll } from './load.ts'
import { type GasFields, signOperation } from './operations.ts'
import type { RpcCall } from './rpcCaller.ts'
import { type Percentiles, percentilesOf } from './statistics.ts'

export type StageFigures = {
  readonly concurrency: number
  readonly operations: number
  readonly accepted: number
  readonly landed: number
  readonly acceptMilliseconds: Percentiles
  readonly acceptedPerSecond: number
  readonly landedPerSecond: number
  /** Send to inclusion. */
  readonly includedSeconds: Percentiles
  readonly operationsPerBundle: number
  readonly gasPerOperation: number
  readonly nodeCallsPerOperation: number | undefined
  /** Of the bundler, from the first send to the last landing. */
  readonly cpuMillisecondsPerOperation: number | undefined
  /** Refusals by message. */
  readonly refusals: Readonly<Record<string, number>>
}

const patienceBlocks = 30

export async function measureStage(options: {
  call: RpcCall
  client: DeploymentClient
  entryPoint: Address
  accounts: readonly BenchAccount[]
  gas: GasFields
  concurrency: number
  operations: number
  /** Calls the node has had so far. */
  nodeCalls: (() => number) | undefined
  /** Processor time that the bundler has had so far. */
  cpuMilliseconds: (() => number) | undefined
}): Promise<StageFigures> {
  const { call, client, entryPoint, accounts, gas, concurrency, nodeCalls, cpuMilliseconds } = options
  const chainId = client.chain.id
  const lanes = await readLanes({ accounts, count: options.operations, entryPoint, client })
  const operations = await Promise.all(
    lanes.map(async lane =>
      formatUserOperationRequest(await signOperation({ lane, gas, chainId, entryPoint })),
    ),
  )
  const watch = await watchLanding({ client, entryPoint, patienceBlocks })
  const callsSince = since(nodeCalls)
  const cpuSince = since(cpuMilliseconds)
  const load = await sendAll({ call, entryPoint, operations, concurrency })
  const landing = await watch.finish(load.sentAt, load.startedAt)
  const calls = callsSince()
  const cpu = cpuSince()
  const bundles = landing.operationsPerBundle.length
  return {
    concurrency,
    operations: operations.length,
    accepted: load.sentAt.size,
    landed: landing.landed,
    acceptMilliseconds: percentilesOf(load.acceptMilliseconds),
    acceptedPerSecond: load.sentAt.size / load.elapsedSeconds,
    landedPerSecond: landing.landed / landing.seconds,
    includedSeconds: percentilesOf(landing.includedSeconds),
    operationsPerBundle: landing.landed / bundles,
    gasPerOperation: landing.gasPerOperation,
    nodeCallsPerOperation: calls && calls / landing.landed,
    cpuMillisecondsPerOperation: cpu && cpu / landing.landed,
    refusals: Object.fromEntries(load.refusals),
  }
}

/** How far `counter` has come from now on. */
function since(counter: (() => number) | undefined): () => number | undefined {
  const before = counter?.() ?? 0
  return () => counter && counter() - before
}
