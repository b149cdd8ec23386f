// One whole measurement of a paymaster: for each mode, how fast signatures come at each concurrency, then how long one takes
// at a pace below that; each of an operation of its own and with its cost set aside on the disk.
import { formatUserOperationRequest, type UserOperation } from 'viem/account-abstraction'
import { devnetPorts } from '../../devnet/devnetPorts.ts'
import { startBenchChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import type { BenchOptions } from '../options.ts'
import { rpcCaller } from '../rpcCaller.ts'
import { type Percentiles, percentilesOf } from '../statistics.ts'
import { approvalCall, preparePaymasterChain } from './paymasterChain.ts'
import { startPaymasterProcess } from './paymasterProcess.ts'
import { askForSignatures } from './signatureLoad.ts'

export const measuredModes = ['sponsor', 'token'] as const
export type MeasuredMode = (typeof measuredModes)[number]

export type PaymasterStage = {
  readonly mode: MeasuredMode
  readonly concurrency: number
  /** Of all clients, where they keep to a pace. */
  readonly pacePerSecond?: number
  readonly requests: number
  readonly signed: number
  readonly signedPerSecond: number
  readonly answerMilliseconds: Percentiles
  readonly cpuMillisecondsPerSignature: Readonly<Record<'paymaster' | 'node' | 'clients', number>>
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
/** Below what is signed, so that what an answer takes is seen rather than the queue before it. */
const paces = [{ concurrency: 32, pacePerSecond: 600 }] as const
const paceSeconds = 5

type PaymasterLoad = BenchOptions['stages'][number] & { readonly pacePerSecond?: number }

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
    { concurrency, operations, pacePerSecond }: PaymasterLoad,
  ): Promise<PaymasterStage> {
    const context = mode === 'token' ? { token: chain.contracts.token } : null
    const requests = Array.from({ length: operations }, () => [
      nextOperation(),
      chain.entryPoint,
      `0x${chain.funder.chain.id.toString(16)}`,
      context,
    ])
    const cpuBefore = { paymaster: process.cpuMilliseconds(), node: chain.nodeCpuMilliseconds() }
    const load = await askForSignatures(call, requests, { concurrency, pacePerSecond })
    const signed = load.milliseconds.length
    return {
      ...{ mode, concurrency, signed },
      ...(pacePerSecond !== undefined && { pacePerSecond }),
      requests: operations,
      signedPerSecond: signed / load.seconds,
      answerMilliseconds: percentilesOf(load.milliseconds),
      cpuMillisecondsPerSignature: {
        paymaster: (process.cpuMilliseconds() - cpuBefore.paymaster) / signed,
        node: (chain.nodeCpuMilliseconds() - cpuBefore.node) / signed,
        clients: load.cpuMilliseconds / signed,
      },
      refusals: Object.fromEntries(load.refusals),
    }
  }

  const loads: readonly PaymasterLoad[] = [
    ...options.stages,
    ...paces.map(pace => ({ ...pace, operations: pace.pacePerSecond * paceSeconds })),
  ]
  const stages: PaymasterStage[] = []
  for (const mode of measuredModes) {
    await measureStage(mode, { concurrency: 8, operations: warmUpRequests })
    for (const load of loads) {
      const { concurrency, operations, pacePerSecond } = load
      const clients = `${concurrency} ${concurrency === 1 ? 'client' : 'clients'}`
      const pace = pacePerSecond === undefined ? '' : `, ${pacePerSecond} a second`
      run.say(`${operations} ${mode} signatures for ${clients}${pace}`)
      stages.push(await measureStage(mode, load))
    }
  }
  return {
    startMilliseconds: process.startMilliseconds,
    loadedMebibytes: process.memoryMebibytes(),
    stages,
  }
}
