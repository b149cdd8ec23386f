// How long a sender waits for the promise that its operation lands: bundlers in one network, operations at an even pace,
// each to one that may not promise it, so that the word goes to whoever leads and back.
import { loadavg } from 'node:os'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { devnetPorts } from '../../devnet/devnetPorts.ts'
import { prepareAccounts } from '../accounts.ts'
import { startBenchChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import { estimateGas } from '../estimates.ts'
import { readLanes, warmLanes } from '../lanes.ts'
import { signOperation } from '../operations.ts'
import type { BenchOptions } from '../options.ts'
import { type Percentiles, percentilesOf } from '../statistics.ts'
import { beginEpoch } from './leaders.ts'
import { openBundlers, untilMet, untilNothingWaits } from './openBundlers.ts'
import { type PacedResult, sendPaced } from './sendPaced.ts'

export type PromiseStageFigures = {
  readonly perSecond: number
  readonly sent: number
  readonly promised: number
  /** From the send to the answer that it is taken: the sender's own bundler has validated and stored it. */
  readonly acceptMilliseconds: Percentiles
  /** From the send to the promise in the sender's hands. */
  readonly promiseMilliseconds: Percentiles
  /** Of that, what leaders took from the operation in their mempool to the promise on their disk; a mean. */
  readonly signingMilliseconds: number
  /** Of all bundlers together. */
  readonly cpuMillisecondsPerOperation: number
  /** Refusals by message. */
  readonly refusals: Readonly<Record<string, number>>
}

export type PromiseFigures = {
  readonly bundlers: number
  /** Of the machine, over the last minute, when it was done. */
  readonly loadAverage: number
  readonly stages: readonly PromiseStageFigures[]
}

/** Not measured: what runs for the first time is compiled while it runs. */
const warmUp = { concurrency: 4, operations: 60 }

export async function measurePromises(
  run: BenchRun,
  options: Pick<BenchOptions, 'blockTime' | 'stages' | 'bundlers' | 'accounts'>,
): Promise<PromiseFigures> {
  const ports = await devnetPorts(0)
  run.say('starting a chain')
  const chain = await startBenchChain(run, { port: ports.node, executors: 0, blockTime: options.blockTime })
  const bundlers = await openBundlers(run, { chain, count: options.bundlers })
  const [first] = bundlers
  if (first === undefined) throw new Error('A network needs at least one bundler')
  run.say(`readying ${options.accounts} accounts`)
  const { entryPoint, factory, funder } = chain
  const accounts = await prepareAccounts({ count: options.accounts, entryPoint, factory, funder })
  const stages = [warmUp, ...options.stages]
  const count = Math.max(...stages.map(({ operations }) => operations))
  await warmLanes({ accounts, count, entryPoint, client: funder })
  await beginEpoch(chain)
  await chain.produceBlocks()
  await untilMet(run, bundlers)
  const figures: PromiseStageFigures[] = []
  for (const { concurrency: perSecond, operations } of stages) {
    run.say(`${operations} operations, ${perSecond} a second`)
    const lanes = await readLanes({ accounts, count: operations, entryPoint, client: funder })
    const gas = await estimateGas({ call: first.call, entryPoint, lanes, client: funder })
    const signed = await Promise.all(
      lanes.map(lane => signOperation({ lane, gas, chainId: funder.chain.id, entryPoint })),
    )
    const load = { chain, bundlers, perSecond, operations: signed.map(formatUserOperationRequest) }
    figures.push(figuresOf(await sendPaced(load), load))
    // Of an account one operation at a time is promised.
    await untilNothingWaits(run, bundlers)
  }
  return { bundlers: bundlers.length, loadAverage: loadavg()[0] ?? Number.NaN, stages: figures.slice(1) }
}

function figuresOf(
  result: PacedResult,
  load: { perSecond: number; operations: readonly object[] },
): PromiseStageFigures {
  const { perSecond, operations } = load
  const { acceptMilliseconds, promiseMilliseconds, signingSeconds, cpuMilliseconds, refusals } = result
  return {
    perSecond,
    sent: operations.length,
    promised: promiseMilliseconds.length,
    acceptMilliseconds: percentilesOf(acceptMilliseconds),
    promiseMilliseconds: percentilesOf(promiseMilliseconds),
    signingMilliseconds: 1_000 * signingSeconds,
    cpuMillisecondsPerOperation: cpuMilliseconds / operations.length,
    refusals: Object.fromEntries(refusals),
  }
}
