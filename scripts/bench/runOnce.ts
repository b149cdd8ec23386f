// One whole measurement: chain, bundler, accounts, estimates, then a load stage per concurrency. Each stage
// ends when its operations have landed, so that no stage pays for the one before.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import { type BenchAccount, prepareAccounts } from './accounts.ts'
import { type BenchChain, joinBenchChain, startBenchChain } from './benchChain.ts'
import { type BundlerProcess, startBundlerProcess } from './bundlerProcess.ts'
import { type CountingProxy, startCountingProxy } from './countingProxy.ts'
import { estimateGas, measureEstimates } from './estimates.ts'
import { readLanes, warmLanes } from './lanes.ts'
import type { GasFields } from './operations.ts'
import type { BenchOptions } from './options.ts'
import { rpcCaller } from './rpcCaller.ts'
import { measureStage, type StageFigures } from './stage.ts'
import { type Percentiles, percentilesOf } from './statistics.ts'

/** Undefined figures could not be seen from outside a bundler that ran already. */
export type RunFigures = {
  readonly startMilliseconds: number | undefined
  readonly idleMebibytes: number | undefined
  readonly loadedMebibytes: number | undefined
  readonly estimateMilliseconds: Percentiles
  readonly stages: readonly StageFigures[]
  readonly nodeCallsByMethod: Readonly<Record<string, number>> | undefined
}

type Subject = {
  readonly url: string
  readonly process?: BundlerProcess
  readonly proxy?: CountingProxy
}

const estimatesMeasured = 30

export type Say = (line: string) => void

export async function runOnce(options: BenchOptions, say: Say): Promise<RunFigures> {
  const cleanUps: (() => unknown)[] = []
  try {
    const chain = await openChain(options)
    cleanUps.push(() => chain.stop())
    const subject = await openSubject({ options, chain, cleanUps, say })
    say(`readying ${options.accounts} accounts`)
    const accounts = await prepareAccounts({
      count: options.accounts,
      entryPoint: chain.entryPoint,
      factory: chain.factory,
      funder: chain.funder,
    })
    const lanes = Math.max(...options.stages.map(({ operations }) => operations))
    await warmLanes({ accounts, count: lanes, entryPoint: chain.entryPoint, client: chain.funder })
    return await measure({ options, chain, subject, accounts, say })
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  }
}

function openChain({ subject, executors, blockSeconds }: BenchOptions): Promise<BenchChain> {
  return subject.kind === 'command' ? startBenchChain({ executors, blockSeconds }) : joinBenchChain(subject)
}

async function openSubject(context: {
  options: BenchOptions
  chain: BenchChain
  cleanUps: (() => unknown)[]
  say: Say
}): Promise<Subject> {
  const { options, chain, cleanUps, say } = context
  if (options.subject.kind === 'running') return { url: options.subject.bundlerUrl }
  const proxy = await startCountingProxy(chain.rpcUrl)
  cleanUps.push(() => proxy.stop())
  const dataDirectory = mkdtempSync(join(tmpdir(), 'worldland-aa-bench-'))
  cleanUps.push(() => rmSync(dataDirectory, { recursive: true, force: true }))
  say('starting the bundler')
  const process = await startBundlerProcess({
    command: options.subject.command,
    port: await freePort(),
    environment: {
      RPC_URL: proxy.url,
      ENTRY_POINT: chain.entryPoint,
      EXECUTOR_KEYS: chain.executorKeys.join(','),
      DATA_DIRECTORY: dataDirectory,
    },
  })
  cleanUps.push(() => process.stop())
  return { url: process.url, process, proxy }
}

async function measure(context: {
  options: BenchOptions
  chain: BenchChain
  subject: Subject
  accounts: readonly BenchAccount[]
  say: Say
}): Promise<RunFigures> {
  const { options, chain, subject, accounts, say } = context
  const { entryPoint, funder } = chain
  const call = rpcCaller(subject.url)
  const idleMebibytes = subject.process?.memoryMebibytes()
  const lanes = await readLanes({ accounts, count: estimatesMeasured, entryPoint, client: funder })
  const [lane] = lanes
  if (lane === undefined) throw new Error('A load needs at least one account')
  say('estimating')
  const gas: GasFields = await estimateGas({ call, entryPoint, lane, client: funder })
  const estimates = await measureEstimates({ call, entryPoint, lanes, gas })
  const stages: StageFigures[] = []
  for (const { concurrency, operations } of options.stages) {
    say(`${operations} operations from ${concurrency} ${concurrency === 1 ? 'client' : 'clients'}`)
    stages.push(
      await measureStage({
        call,
        client: funder,
        entryPoint,
        accounts,
        gas,
        concurrency,
        operations,
        nodeCalls: subject.proxy?.total,
      }),
    )
  }
  return {
    startMilliseconds: subject.process?.startMilliseconds,
    idleMebibytes,
    loadedMebibytes: subject.process?.memoryMebibytes(),
    estimateMilliseconds: percentilesOf(estimates),
    stages,
    nodeCallsByMethod: subject.proxy?.byMethod(),
  }
}
