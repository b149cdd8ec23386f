// One whole measurement of a gateway: a cold start, then requests that do nothing, each with a voucher of its own, as many
// as are served at each concurrency, then at a pace below that; at the end, what redeeming all of them costs.
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import { voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import { parseEventLogs } from 'viem'
import { devnetPorts } from '../../devnet/devnetPorts.ts'
import { type StartedChain, startBenchChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import type { BenchOptions } from '../options.ts'
import { type Percentiles, percentilesOf } from '../statistics.ts'
import { type GatewayPayer, openPayers } from './gatewayPayers.ts'
import { endpointId, type GatewayProcess, pricePerSecondWei, startGatewayProcess } from './gatewayProcess.ts'
import { loadGateway } from './runsyncLoad.ts'

export type GatewayStageFigures = {
  readonly concurrency: number
  /** Of all clients, where they keep to a pace. */
  readonly pacePerSecond?: number
  readonly requests: number
  readonly served: number
  readonly servedPerSecond: number
  readonly answerMilliseconds: Percentiles
  readonly cpuMillisecondsPerRequest: Readonly<Record<'gateway' | 'worker' | 'clients', number>>
  /** Refusals by message. */
  readonly refusals: Readonly<Record<string, number>>
}

export type GatewayFigures = {
  readonly startMilliseconds: number
  /** Of the first request: the worker's process is started for it. */
  readonly coldMilliseconds: number
  readonly loadedMebibytes: number
  readonly stages: readonly GatewayStageFigures[]
  readonly redemption: { readonly requests: number; readonly transactions: number; readonly gas: number }
}

type GatewayStage = BenchOptions['stages'][number] & { readonly pacePerSecond?: number }

/** Not measured: what runs for the first time is compiled while it runs. */
const warmUpRequests = 400
const warmUpClients = 8
/** Below what is served, so that what an answer takes is seen rather than the queue before it. */
const paces = [
  { concurrency: 32, pacePerSecond: 300 },
  { concurrency: 32, pacePerSecond: 600 },
] as const
const paceSeconds = 10
const lookMilliseconds = 200
const patienceMilliseconds = 120_000

export async function measureGateway(
  run: BenchRun,
  options: Pick<BenchOptions, 'blockTime' | 'stages'>,
): Promise<GatewayFigures> {
  const ports = await devnetPorts(0)
  run.say('starting a chain')
  const chain = await startBenchChain(run, { port: ports.node, executors: 0, blockTime: options.blockTime })
  run.say('starting the gateway')
  const gateway = await startGatewayProcess(run, {
    chain,
    port: ports.bundler,
    workerPort: ports.paymaster,
  })
  const offerId = await postedOffer(chain)
  const warmUp = { concurrency: warmUpClients, operations: warmUpRequests }
  const stages: readonly GatewayStage[] = [
    ...options.stages,
    ...paces.map(pace => ({ ...pace, operations: pace.pacePerSecond * paceSeconds })),
  ]
  const payers = await openPayers(chain.funder, {
    ...{ offerId, pricePerSecondWei, requests: requestsOfPayers([warmUp, ...stages]) },
    contracts: chain.contracts,
  })
  await chain.produceBlocks()
  await untilKnown(gateway.url, payers.at(-1))
  run.say('a cold start')
  const cold = await measureStage({ gateway, payers, stage: { concurrency: 1, operations: 1 } })
  await measureStage({ gateway, payers, stage: warmUp })
  const figures: GatewayStageFigures[] = []
  for (const stage of stages) {
    const { concurrency, operations, pacePerSecond } = stage
    const clients = `${concurrency} ${concurrency === 1 ? 'client' : 'clients'}`
    run.say(`${operations} requests of ${clients}${pacePerSecond ? `, ${pacePerSecond} a second` : ''}`)
    figures.push(await measureStage({ gateway, payers, stage }))
  }
  const loadedMebibytes = gateway.memoryMebibytes()
  run.say('redeeming')
  await gateway.drain()
  return {
    startMilliseconds: gateway.startMilliseconds,
    coldMilliseconds: cold.answerMilliseconds.p50,
    ...{ loadedMebibytes, stages: figures },
    redemption: await redemption(
      chain,
      payers.length,
      figures.reduce((sum, { served }) => sum + served, 0),
    ),
  }
}

/** Each signs as many vouchers as it has requests, and two more: for a look, and for the cold start. */
function requestsOfPayers(stages: readonly GatewayStage[]): readonly number[] {
  const count = Math.max(...stages.map(({ concurrency }) => concurrency))
  return Array.from({ length: count }, (_, at) =>
    stages
      .filter(({ concurrency }) => at < concurrency)
      .reduce((sum, { concurrency, operations }) => sum + Math.ceil(operations / concurrency), 2),
  )
}

async function measureStage(options: {
  readonly gateway: GatewayProcess
  readonly payers: readonly GatewayPayer[]
  readonly stage: GatewayStage
}): Promise<GatewayStageFigures> {
  const { gateway, payers, stage } = options
  const { concurrency, operations, pacePerSecond } = stage
  const requests = Math.ceil(operations / concurrency)
  const before = gateway.cpuMillisecondsOf()
  const { milliseconds, refusals, seconds, cpuMilliseconds } = await loadGateway(
    `${gateway.url}/v2/${endpointId}`,
    payers.slice(0, concurrency),
    { requests, ...(pacePerSecond && { perSecond: pacePerSecond }) },
  )
  const after = gateway.cpuMillisecondsOf()
  const served = milliseconds.length
  return {
    ...{ concurrency, served, requests: requests * concurrency },
    ...(pacePerSecond && { pacePerSecond }),
    servedPerSecond: served / seconds,
    answerMilliseconds: percentilesOf(milliseconds),
    cpuMillisecondsPerRequest: {
      gateway: (after.gateway - before.gateway) / served,
      worker: (after.worker - before.worker) / served,
      clients: cpuMilliseconds / served,
    },
    refusals: Object.fromEntries(refusals),
  }
}

/** The daemon has seen the blocks of all sessions once it takes a voucher of the last. */
async function untilKnown(url: string, payer: GatewayPayer | undefined): Promise<void> {
  const headers = { [voucherHeaders.voucher]: payer?.nextVoucher() ?? '' }
  await until('the sessions at the gateway', async () => {
    const response = await fetch(`${url}/payments/${endpointId}/vouchers`, { method: 'POST', headers })
    await response.body?.cancel()
    return response.ok ? true : undefined
  })
}

/** The daemon registers and posts by itself. */
async function postedOffer(chain: StartedChain): Promise<bigint> {
  return await until('the offer of the gateway', async () => {
    const [offer] = await findOffers(chain.funder, { contracts: chain.contracts, kind: 'serverless' })
    return offer?.offerId
  })
}

/** Of the newest voucher of each session. */
async function redemption(chain: StartedChain, sessions: number, requests: number) {
  const address = chain.contracts.serverlessSession
  const logs = await until('the redemption of all vouchers', async () => {
    const found = parseEventLogs({
      abi: serverlessSessionAbi,
      eventName: 'VoucherRedeemed',
      logs: await chain.funder.getLogs({ address, fromBlock: 0n }),
    })
    return new Set(found.map(({ args }) => args.sessionId)).size >= sessions ? found : undefined
  })
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))]
  const receipts = await Promise.all(hashes.map(hash => chain.funder.getTransactionReceipt({ hash })))
  return {
    requests,
    transactions: hashes.length,
    gas: receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0),
  }
}

async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  const givenUpAt = performance.now() + patienceMilliseconds
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > givenUpAt) throw new Error(`${what} did not come`)
    await new Promise(resolve => setTimeout(resolve, lookMilliseconds))
  }
}
