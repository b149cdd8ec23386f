// Whether the paymaster at --paymaster-url answers: for /health, the metrics, and a line in the log at the start. A
// paymaster that is away keeps nobody from sending operations that pay for themselves, so it ends nothing here.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import { Gauge, type Registry } from 'prom-client'
import { askPaymaster, resourceUnavailable } from './askPaymaster.ts'

export type PaymasterWatch = Part & {
  /** For people. */
  says(): string
}

const lookEveryMilliseconds = 10_000
/** For an answer to whether it is there. */
const patienceMilliseconds = 5_000

const none: PaymasterWatch = {
  name: 'paymaster watch',
  says: () => 'none: pm_* is not answered',
  async start() {},
  async stop() {},
}

export function createPaymasterGauge(registry: Registry): Gauge {
  return new Gauge({
    name: 'bundler_paymaster_answers',
    help: 'Whether the paymaster at --paymaster-url answered when it was asked last (1) or not (0)',
    registers: [registry],
  })
}

/** Throws when the address cannot be a paymaster's: it is this bundler's own. */
export function createPaymasterWatch(options: {
  readonly paymasterUrl: string | undefined
  readonly chainId: number
  /** Where this bundler listens. */
  readonly own: { readonly host: string; readonly port: number }
  readonly registry: Registry
  readonly logger: Logger
}): PaymasterWatch {
  const { paymasterUrl, chainId, logger } = options
  if (paymasterUrl === undefined) return none
  const url = paymasterUrl
  const { origin } = new URL(url)
  if (isOwnDoor(url, options.own)) {
    throw new ExitError(
      exitCodes.configuration,
      `--paymaster-url ${origin} is where this bundler itself listens: give the paymaster's address, which has port 4338 unless it was told otherwise`,
    )
  }
  const outage = createOutageLog(logger)
  const gauge = createPaymasterGauge(options.registry)
  let since: Date | undefined
  let says = 'not asked yet'
  let timer: NodeJS.Timeout | undefined

  /** Its chain, where it tells. */
  async function look(): Promise<number | undefined> {
    const signal = AbortSignal.timeout(patienceMilliseconds)
    const answer = await askPaymaster(url, 'eth_chainId', [], { signal })
    const isAway = !answer.ok && answer.refusal.code === resourceUnavailable
    gauge.set(isAway ? 0 : 1)
    if (isAway) {
      since ??= new Date()
      says = `${origin} has not answered since ${since.toISOString()}: is it running? pm_* is refused until it does`
      outage.begun(
        { paymaster: origin },
        `the paymaster does not answer: is it running at ${origin}, and is --paymaster-url right?`,
      )
      return undefined
    }
    since = undefined
    outage.over('the paymaster answers again')
    const its = answer.ok ? Number(answer.value) : Number.NaN
    const isOther = Number.isSafeInteger(its) && its !== chainId
    says = isOther ? `${origin} serves chain ${its}, not ${chainId}` : 'answers'
    return isOther ? its : undefined
  }

  return {
    name: 'paymaster watch',
    says: () => says,
    async start() {
      const other = await look()
      if (other !== undefined) {
        throw new ExitError(
          exitCodes.configuration,
          `the paymaster at ${origin} serves chain ${other}, and this bundler chain ${chainId}: give another --paymaster-url or --rpc-url`,
        )
      }
      timer = setInterval(() => void look(), lookEveryMilliseconds).unref()
    },
    async stop() {
      clearInterval(timer)
    },
  }
}

const thisMachine = ['127.0.0.1', 'localhost', '[::1]', '::1', '0.0.0.0', '[::]', '::']

function isOwnDoor(paymasterUrl: string, { host, port }: { host: string; port: number }): boolean {
  const url = new URL(paymasterUrl)
  const its = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (port !== its) return false
  return url.hostname === host || (thisMachine.includes(url.hostname) && thisMachine.includes(host))
}
