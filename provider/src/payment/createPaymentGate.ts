// The payment gate: tells the gateway whether a request is paid for, and books what jobs have used.

import { toBase64Json, voucherHeaders, voucherNetwork } from '@worldland-aa/sdk/serving/voucherWire'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Clock } from '@worldland-aa/service/clock'
import type { Logger } from '@worldland-aa/service/logger'
import type { Outcome } from '../outcome.ts'
import type { ChainFacts } from './chainFacts.ts'
import type { LaneBook } from './laneBook.ts'
import type { LaneTokens, TokenHolder } from './laneTokens.ts'
import { readPayment } from './offeredPayment.ts'
import { outageRefusal } from './outageRefusal.ts'
import { neededWei, owedWei } from './owed.ts'
import type { PaidEndpoint, Payer, PaymentGate, PaymentRefusal } from './paymentGate.ts'
import type { PaymentMetrics } from './paymentMetrics.ts'
import type { PaymentRequired } from './paymentRequired.ts'
import type { RunningJobs } from './runningJobs.ts'
import type { SessionFunds } from './sessionFunds.ts'
import type { StandingOf } from './standing.ts'
import type { DeskProblem, VoucherDesk } from './voucherDesk.ts'

export type PaymentGateParts = {
  readonly facts: ChainFacts
  readonly funds: SessionFunds
  readonly book: LaneBook
  readonly running: RunningJobs
  readonly tokens: LaneTokens
  readonly standingOf: StandingOf
  readonly desk: VoucherDesk
  readonly required: PaymentRequired
  readonly metrics: PaymentMetrics
  readonly chainId: number
  readonly clock: Clock
  readonly logger: Logger
}

export type LivePaymentGate = PaymentGate & {
  /** Ends the jobs of rights and sessions that a block has ended. */
  onChainUpdate(update: ChainUpdate): Promise<void>
}

/** Signing more does not help; the rest may be mended by another voucher. */
const forbidding: ReadonlySet<DeskProblem['code']> = new Set(['place', 'end', 'right', 'disowned'])

/** So it is until a daemon that has just begun has looked at the chain: no session is wrong for that. */
const notOpenYet: PaymentRefusal = {
  status: 503,
  headers: { 'Retry-After': '5' },
  body: {
    error:
      'No offer of this endpoint is on the chain, as far as this provider has looked: try again in a few seconds',
  },
}

type Known = { readonly holder: TokenHolder; readonly isFresh: boolean; readonly saved: Promise<void> }

export function createPaymentGate(parts: PaymentGateParts): LivePaymentGate {
  const { facts, book, running, tokens, standingOf, desk, required, metrics, chainId, logger } = parts

  async function refuseByPayment(
    error: string,
    asked: { readonly request: Request; readonly endpoint: PaidEndpoint; readonly payer?: Payer },
  ): Promise<Outcome<never, PaymentRefusal>> {
    const { endpoint, payer } = asked
    const account = payer && book.get(payer.lane)
    if (account !== undefined) {
      const { pricePerSecondWei } = account
      const lane = { account, neededWei: needed(account.payer, endpoint) }
      return refuse(required({ error, ...asked, pricePerSecondWei, lane, amountWei: 0n }))
    }
    const [offerId] = endpoint.offerIds
    const pricePerSecondWei = offerId === undefined ? 0n : await facts.offerPriceWei(offerId)
    const amountWei = owedWei(BigInt(Math.ceil(endpoint.reserveSeconds * 1_000)), pricePerSecondWei)
    return refuse(
      required({ error, ...asked, pricePerSecondWei, amountWei: amountWei > 0n ? amountWei : 1n }),
    )
  }

  function needed(payer: Payer, endpoint: PaidEndpoint): bigint {
    const account = book.get(payer.lane)
    if (account === undefined) return 0n
    return neededWei(
      { ...account, runningMilliseconds: running.elapsed(payer.lane) },
      endpoint.reserveSeconds,
    )
  }

  async function refuseProblem(
    problem: DeskProblem,
    asked: { readonly request: Request; readonly endpoint: PaidEndpoint },
  ): Promise<Outcome<never, PaymentRefusal>> {
    metrics.refused(problem.code)
    if (forbidding.has(problem.code))
      return refuse({ status: 403, headers: {}, body: { error: problem.message } })
    if (problem.code === 'busy') return refuse({ status: 429, headers: {}, body: { error: problem.message } })
    return await refuseByPayment(problem.message, {
      ...asked,
      ...(problem.payer && { payer: problem.payer }),
    })
  }

  /** Whoever waits for it hears of what goes wrong. */
  function durable({ lane }: Payer): Promise<void> {
    const saved = book.durable(lane)
    saved.catch(() => undefined)
    return saved
  }

  /** By a voucher, which is taken, or by a token. */
  async function known(request: Request, endpoint: PaidEndpoint): Promise<Outcome<Known, PaymentRefusal>> {
    const asked = { request, endpoint }
    if (endpoint.offerIds.length === 0) return refuse(notOpenYet)
    const offered = readPayment(request.headers)
    if (!offered.ok) {
      metrics.refused('malformed')
      return await refuseByPayment(offered.refusal, asked)
    }
    const { signed, token } = offered.value
    if (signed !== undefined) {
      const taken = await desk.take(signed, endpoint)
      if (!taken.ok) return await refuseProblem(taken.refusal, asked)
      const { payer, saved } = taken.value
      running.lookAgain(payer)
      saved.then(metrics.taken, () => undefined)
      return { ok: true, value: { holder: { payer, signer: signed.signer }, isFresh: true, saved } }
    }
    const holder = token === undefined ? undefined : tokens.read(token)
    if (holder === undefined) {
      const says =
        token === undefined
          ? `This endpoint is paid by vouchers of a session: open one of an offer named in extra.offerIds with the SDK's openSession, then sign`
          : `The lane token is not this provider's, or it has expired: sign the next voucher`
      return await refuseByPayment(says, asked)
    }
    const standing = await standingOf(holder, endpoint)
    if (!standing.ok) return await refuseProblem(standing.refusal, asked)
    // Where the data file was lost, so was what the token stands for.
    if (book.get(holder.payer.lane) === undefined)
      return await refuseByPayment('Nothing is signed for this right: sign a voucher', asked)
    return { ok: true, value: { holder, isFresh: false, saved: durable(holder.payer) } }
  }

  /** Which endpoint it was let in to is the gateway's to know: a right in force is what counts here. */
  async function endIfOver(payer: Payer): Promise<void> {
    const signer = book.get(payer.lane)?.signed.signer
    const session = await facts.session(payer.sessionId)
    if (session?.state === 'open' && signer !== undefined && (await facts.isInForce(payer, signer))) return
    logger.info({ lane: payer.lane }, 'a right has ended, and its jobs end with it')
    running.endAll(payer)
  }

  function receipt({ holder, isFresh }: Known): Record<string, string> {
    if (!isFresh) return {}
    const settled = { success: true, transaction: '', network: voucherNetwork(chainId), payer: holder.signer }
    return {
      [voucherHeaders.response]: toBase64Json(settled),
      [voucherHeaders.laneToken]: tokens.issue(holder),
    }
  }

  return {
    async admit(request, endpoint) {
      try {
        const caller = await known(request, endpoint)
        if (!caller.ok) return caller
        const { holder, saved } = caller.value
        const { payer } = holder
        const signedWei = book.get(payer.lane)?.signed.voucher.cumulativeWei ?? 0n
        const wei = needed(payer, endpoint)
        if (wei <= signedWei) return { ok: true, value: { payer, headers: receipt(caller.value), saved } }
        await saved
        metrics.refused('credit')
        return await refuseByPayment(
          `What is signed, ${signedWei} wei, does not cover what was used and ${endpoint.reserveSeconds} seconds more: sign ${wei} wei`,
          { request, endpoint, payer },
        )
      } catch (error) {
        return refuse(outageRefusal(error, logger))
      }
    },

    async identify(request, endpoint) {
      try {
        const caller = await known(request, endpoint)
        if (!caller.ok) return caller
        const { payer } = caller.value.holder
        await book.durable(payer.lane)
        return { ok: true, value: payer }
      } catch (error) {
        return refuse(outageRefusal(error, logger))
      }
    },

    began: running.began,
    interrupted: running.ended,

    async finished(payer, job) {
      const { jobId, usedMilliseconds } = job
      if (!Number.isSafeInteger(usedMilliseconds) || usedMilliseconds < 0) {
        throw new Error(`Job ${jobId} cannot have used ${usedMilliseconds} milliseconds`)
      }
      if (await book.book(payer, job)) metrics.used(usedMilliseconds)
      running.ended(payer, jobId)
      running.lookAgain(payer)
    },

    onOverdue: running.onOverdue,

    async onChainUpdate({ removed }) {
      if (removed.length > 0) parts.funds.forget()
      await Promise.all(running.payers().map(endIfOver))
    },
  }
}

function refuse(refusal: PaymentRefusal): Outcome<never, PaymentRefusal> {
  return { ok: false, refusal }
}
