// How much a peer may bring, ask and have judged: a bundler of the registry more than a stranger, and strangers behind
// one address together.
import type { Clock } from '@worldland-aa/service/clock'
import { createRateLimiter, type RateLimiter } from '@worldland-aa/service/http/rateLimiter'
import type { GossipLimits } from '../limits.ts'
import type { GossipSource } from './source.ts'

export type Quotas = {
  /** One message more. */
  takeMessage(source: GossipSource): boolean
  takeRequest(source: GossipSource, cost: number): boolean
  /** Whether the time that was spent on it for nothing is within what it may have. */
  isSolvent(source: GossipSource): boolean
  chargeUnpaid(source: GossipSource, milliseconds: number): void
}

type Class = { readonly messages: RateLimiter; readonly requests: RateLimiter; readonly unpaid: RateLimiter }

export function createQuotas(limits: GossipLimits, clock: Clock): Quotas {
  const { burstSeconds } = limits
  const limiter = (perSecond: number): RateLimiter => createRateLimiter({ perSecond, burstSeconds, clock })
  const strangers: Class = {
    messages: limiter(limits.strangerOperationsPerSecond),
    requests: limiter(limits.requestsPerSecond),
    unpaid: limiter(limits.strangerUnpaidMillisecondsPerSecond),
  }
  const trusted: Class = {
    messages: limiter(limits.registeredOperationsPerSecond),
    requests: limiter(limits.requestsPerSecond * 4),
    unpaid: limiter(limits.registeredUnpaidMillisecondsPerSecond),
  }
  const classOf = ({ isTrusted }: GossipSource): Class => (isTrusted ? trusted : strangers)

  return {
    takeMessage: source => classOf(source).messages.take(source.caller, 1),
    takeRequest: (source, cost) => classOf(source).requests.take(source.caller, cost),
    isSolvent: source => classOf(source).unpaid.secondsUntilSolvent(source.caller) === 0,
    chargeUnpaid: (source, milliseconds) => classOf(source).unpaid.charge(source.caller, milliseconds),
  }
}
