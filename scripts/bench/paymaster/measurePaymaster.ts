// One whole measurement of a paymaster: for each mode and concurrency, how fast signatures come, each of an operation of
// its own and with its cost set aside on the disk.
import { formatUserOperationRequest, type UserOperation } from 'viem/account-abstraction'
import { devnetPorts } from '../../devnet/devnetPorts.ts'
import { startBenchChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import type { BenchOptions } from '../options.ts'
import { type RpcCall, rpcCaller } from '../rpcCaller.ts'
import { type Percentiles, percentilesOf } from '../statistics.ts'
import { approvalCall, preparePaymasterChain } from './paymasterChain.ts'
import { startPaymasterProcess } from './paymasterProcess.ts'

export const measuredModes = ['sponsor', 'token'] as const
export type MeasuredMode = (typeof measuredModes)[number]

export type PaymasterStage = {
  readonly mode: MeasuredMode
  readonly concurrency: number
  readonly requests: number
  readonly signed: number
  readonly signedPerSecond: number
  readonly answerMilliseconds: Percentiles
  /** Of the paymaster. */
  readonly cpuMillisecondsPerSignature: number
  /** Refusals by message. */
  readonly refusals: Readonly<Record<string, number>>
}

export type PaymasterFigures = {
  readonly startMilliseconds: number
  readonly loadedMebibytes: number
  readonly stages: readonly PaymasterStage[]
}

/** What an approval takes, and fees that are good while blocks are empty. */
const gas = {
  callGasLimit: 80_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 45_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
}
const stubSignature = `0x${'11'.repeat(64)}1b` as const
/** Not measured: what runs for the first time is compiled while it runs. */
const warmUpRequests = 200

export async function measurePaymaster(
  run: BenchRun,
  options: Pick<BenchOptions, 'accounts' | 'blockTime' | 'stages'> & { readonly command: string },
): Promise<PaymasterFigures> {
  const ports = await devnetPorts(0)
  run.say('starting a chain')
  const chain = await startBenchChain(run, {
    port: ports.node,
    executors: 1,
    blockTime: options.blockTime,
  })
  run.say(`readying ${options.accounts} accounts`)
  const prepared = await preparePaymasterChain(chain, options.accounts)
  await chain.produceBlocks()
  run.say('starting the paymaster')
  const process = await startPaymasterProcess(run, { ...options, chain, prepared, port: ports.paymaster })
  const call = rpcCaller(process.url)
  const callData = approvalCall(chain.contracts.token, chain.contracts.paymaster)
  let made = 0

  function nextOperation(): object {
    const sender = prepared.accounts[made % prepared.accounts.length]?.address
    if (sender === undefined) throw new Error('A load needs at least one account')
    // The lanes after the first one, each used once.
    const nonce = BigInt(1 + Math.floor(made++ / prepared.accounts.length)) << 64n
    const operation: UserOperation<'0.7'> = { sender, nonce, callData, ...gas, signature: stubSignature }
    return formatUserOperationRequest(operation)
  }

  async function measureStage(
    mode: MeasuredMode,
    { concurrency, operations }: { concurrency: number; operations: number },
  ): Promise<PaymasterStage> {
    const context = mode === 'token' ? { token: chain.contracts.token } : null
    const requests = Array.from({ length: operations }, () => [
      nextOperation(),
      chain.entryPoint,
      `0x${chain.funder.chain.id.toString(16)}`,
      context,
    ])
    const cpuBefore = process.cpuMilliseconds()
    const load = await askAll(call, requests, concurrency)
    return {
      mode,
      concurrency,
      requests: operations,
      signed: load.milliseconds.length,
      signedPerSecond: load.milliseconds.length / load.seconds,
      answerMilliseconds: percentilesOf(load.milliseconds),
      cpuMillisecondsPerSignature: (process.cpuMilliseconds() - cpuBefore) / load.milliseconds.length,
      refusals: Object.fromEntries(load.refusals),
    }
  }

  const stages: PaymasterStage[] = []
  for (const mode of measuredModes) {
    await measureStage(mode, { concurrency: 8, operations: warmUpRequests })
    for (const stage of options.stages) {
      const { concurrency, operations } = stage
      run.say(
        `${operations} ${mode} signatures for ${concurrency} ${concurrency === 1 ? 'client' : 'clients'}`,
      )
      stages.push(await measureStage(mode, stage))
    }
  }
  return {
    startMilliseconds: process.startMilliseconds,
    loadedMebibytes: process.memoryMebibytes(),
    stages,
  }
}

async function askAll(
  call: RpcCall,
  requests: readonly (readonly unknown[])[],
  concurrency: number,
): Promise<{ milliseconds: readonly number[]; seconds: number; refusals: ReadonlyMap<string, number> }> {
  const milliseconds: number[] = []
  const refusals = new Map<string, number>()
  let next = 0
  async function work(): Promise<void> {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const askedAt = performance.now()
      try {
        await call('pm_getPaymasterData', request)
        milliseconds.push(performance.now() - askedAt)
      } catch (error) {
        const reason = (error as Error).message.slice(0, 160)
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
      }
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, work))
  return { milliseconds, seconds: (performance.now() - startedAt) / 1000, refusals }
}
