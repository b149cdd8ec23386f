// One whole measurement: chain, accounts, bundler, estimates, then a load stage per concurrency. Each stage
// ends when its operations have landed, so that no stage pays for the one before.
import { devnetPorts } from '../devnet/devnetPorts.ts'
import { type BenchAccount, prepareAccounts } from './accounts.ts'
import { type BenchChain, joinBenchChain, startBenchChain } from './benchChain.ts'
import type { BenchRun } from './benchRun.ts'
import { type CountingProxy, startCountingProxy } from './countingProxy.ts'
import { estimateGas, measureEstimates } from './estimates.ts'
import { readLanes, warmLanes } from './lanes.ts'
import type { BenchOptions } from './options.ts'
import { rpcCaller } from './rpcCaller.ts'
import { measureStage, type StageFigures } from './stage.ts'
import { type Percentiles, percentilesOf } from './statistics.ts'
import { answersEntryPoints, type SubjectProcess, startSubjectProcess } from './subjectProcess.ts'

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
  readonly process?: SubjectProcess
  readonly proxy?: CountingProxy
}

const estimatesMeasured = 30

type BundlerOptions = BenchOptions & {
  readonly subject: Extract<BenchOptions['subject'], { kind: 'command' } | { kind: 'running' }>
}

export async function runOnce(run: BenchRun, options: BundlerOptions): Promise<RunFigures> {
  const { subject } = options
  const ports = await devnetPorts(0)
  run.say(subject.kind === 'command' ? 'starting a chain' : 'looking at the chain')
  const chain =
    subject.kind === 'command'
      ? await startBenchChain(run, { ...options, port: ports.node })
      : await joinBenchChain(subject)
  run.say(`readying ${options.accounts} accounts`)
  const { entryPoint, factory, funder } = chain
  const accounts = await prepareAccounts({ count: options.accounts, entryPoint, factory, funder })
  const lanes = Math.max(...options.stages.map(({ operations }) => operations))
  await warmLanes({ accounts, count: lanes, entryPoint, client: funder })
  await chain.produceBlocks()
  return await measure(run, {
    options,
    chain,
    accounts,
    subject:
      subject.kind === 'command'
        ? await startSubject(run, { command: subject.command, chain, port: ports.bundler })
        : { url: subject.bundlerUrl },
  })
}

async function startSubject(
  run: BenchRun,
  options: { command: string; chain: BenchChain; port: number },
): Promise<Subject> {
  const { command, chain, port } = options
  const proxy = await startCountingProxy(chain.rpcUrl)
  run.cleanup.add('proxy', proxy.stop)
  run.say('starting the bundler')
  const environment = {
    RPC_URL: proxy.url,
    ENTRY_POINT: chain.entryPoint,
    EXECUTOR_KEYS: chain.executorKeys.join(','),
    DATA_DIRECTORY: run.folder,
  }
  const process = await startSubjectProcess(run, {
    name: 'bundler',
    command,
    port,
    environment,
    serves: answersEntryPoints,
  })
  return { url: process.url, process, proxy }
}

async function measure(
  run: BenchRun,
  context: {
    options: BenchOptions
    chain: BenchChain
    subject: Subject
    accounts: readonly BenchAccount[]
  },
): Promise<RunFigures> {
  const { options, chain, subject, accounts } = context
  const { entryPoint, funder } = chain
  const call = rpcCaller(subject.url)
  const idleMebibytes = subject.process?.memoryMebibytes()
  run.say('estimating')
  const lanes = await readLanes({ accounts, count: estimatesMeasured, entryPoint, client: funder })
  const gas = await estimateGas({ call, entryPoint, lanes, client: funder })
  const estimates = await measureEstimates({ call, entryPoint, lanes, gas })
  const stages: StageFigures[] = []
  for (const { concurrency, operations } of options.stages) {
    run.say(`${operations} operations from ${concurrency} ${concurrency === 1 ? 'client' : 'clients'}`)
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
        cpuMilliseconds: subject.process?.cpuMilliseconds,
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
