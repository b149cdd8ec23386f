// Sends operations at an even pace, whether those before are answered or not, each to a bundler that may not promise it, and
// writes down when it was taken and when its promise came.
import type { StartedChain } from '../benchChain.ts'
import { promisersNow } from './leaders.ts'
import type { BenchBundler } from './openBundlers.ts'

export type PacedResult = {
  readonly acceptMilliseconds: readonly number[]
  /** Of those that were promised in time. */
  readonly promiseMilliseconds: readonly number[]
  /** Mean of what leaders took from mempool to disk; NaN when they promised nothing. */
  readonly signingSeconds: number
  readonly cpuMilliseconds: number
  readonly refusals: ReadonlyMap<string, number>
}

const waitMilliseconds = 2_000

export async function sendPaced(options: {
  chain: StartedChain
  bundlers: readonly BenchBundler[]
  operations: readonly object[]
  perSecond: number
}): Promise<PacedResult> {
  const { chain, bundlers, operations, perSecond } = options
  const acceptMilliseconds: number[] = []
  const promiseMilliseconds: number[] = []
  const refusals = new Map<string, number>()

  async function send(operation: object, to: BenchBundler): Promise<void> {
    const sentAt = performance.now()
    try {
      const hash = await to.call('eth_sendUserOperation', [operation, chain.entryPoint])
      acceptMilliseconds.push(performance.now() - sentAt)
      const promise = await to.call('worldland_getInclusionPromise', [hash, { waitMilliseconds }])
      if (promise !== null) promiseMilliseconds.push(performance.now() - sentAt)
    } catch (error) {
      const reason = (error as Error).message.slice(0, 160)
      refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
    }
  }

  const signingBefore = await signingOf(bundlers)
  const cpuBefore = cpuOf(bundlers)
  const underWay: Promise<void>[] = []
  const begunAt = performance.now()
  for (const [index, operation] of operations.entries()) {
    const pause = begunAt + (index * 1_000) / perSecond - performance.now()
    await new Promise(resolve => setTimeout(resolve, Math.max(0, pause)))
    const promisers = await promisersNow(chain)
    const others = bundlers.filter(({ bundlerId }) => !promisers.includes(bundlerId))
    const to = (others.length > 0 ? others : bundlers)[index % Math.max(1, others.length)]
    if (to !== undefined) underWay.push(send(operation, to))
  }
  await Promise.all(underWay)
  const cpuMilliseconds = cpuOf(bundlers) - cpuBefore
  const signing = await signingOf(bundlers)
  return {
    acceptMilliseconds,
    promiseMilliseconds,
    signingSeconds: (signing.seconds - signingBefore.seconds) / (signing.count - signingBefore.count),
    cpuMilliseconds,
    refusals,
  }
}

function cpuOf(bundlers: readonly BenchBundler[]): number {
  return bundlers.reduce((sum, { process }) => sum + process.cpuMilliseconds(), 0)
}

async function signingOf(bundlers: readonly BenchBundler[]): Promise<{ seconds: number; count: number }> {
  const texts = await Promise.all(
    bundlers.map(async ({ process }) => await (await fetch(`${process.url}/metrics`)).text()),
  )
  const sumOf = (name: string): number =>
    texts.reduce((sum, text) => sum + Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0), 0)
  return { seconds: sumOf('bundler_promises_seconds_sum'), count: sumOf('bundler_promises_seconds_count') }
}
