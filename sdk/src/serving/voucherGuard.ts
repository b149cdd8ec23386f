// How much a client lets itself be asked for: never above its budget or the session's price, nor more than can have been
// used since it began to pay.
import type { AskedPayment } from './readVoucherRequirements.ts'
import { VoucherNotSignedError } from './voucherNotSigned.ts'

export type PayingSession = {
  readonly sessionId: bigint
  /** Default: the session's root right. */
  readonly rightId?: bigint | undefined
  /** Frozen when it was opened: `getSession` tells it. */
  readonly pricePerSecondWei: bigint
  /** The most that this client ever signs for in all, token wei: what was signed before counts. */
  readonly budgetWei: bigint
  /** Where they are given, only their servers are paid. */
  readonly offerId?: bigint | undefined
  readonly provider?: string | undefined
}

export type GuardLimits = {
  /** Jobs that this client has run at once, at most. Default: 16. */
  readonly maximumParallelJobs?: number | undefined
  /** Seconds that it pays ahead of what time can have used. Default: 900. */
  readonly maximumSecondsAhead?: number | undefined
}

/** Whether the session may pay what is asked. */
export function fitsSession(session: PayingSession, asked: AskedPayment): boolean {
  const { lane } = asked
  if (lane !== undefined && lane.sessionId !== session.sessionId) return false
  if (session.provider !== undefined && session.provider.toLowerCase() !== asked.provider.toLowerCase()) {
    return false
  }
  return session.offerId === undefined || asked.offerIds.includes(session.offerId)
}

/** Throws where the voucher should not be signed. */
export function guardVoucher(
  wish: {
    readonly cumulativeWei: bigint
    readonly asked: AskedPayment
    /** Signed when this client began, and how long ago that was. */
    readonly startedWei: bigint
    readonly secondsSinceStart: number
  },
  session: PayingSession,
  limits: GuardLimits,
): void {
  const { cumulativeWei, asked, startedWei, secondsSinceStart } = wish
  const { maximumParallelJobs = 16, maximumSecondsAhead = 900 } = limits
  const { sessionId, budgetWei, pricePerSecondWei } = session
  if (asked.pricePerSecondWei > pricePerSecondWei) {
    throw new VoucherNotSignedError(
      'price',
      `The server asks ${asked.pricePerSecondWei} wei a second; session ${sessionId} was opened at ${pricePerSecondWei}`,
    )
  }
  if (cumulativeWei > budgetWei) {
    throw new VoucherNotSignedError(
      'budget',
      `That would make ${cumulativeWei} wei in all for session ${sessionId}: the budget is ${budgetWei}`,
    )
  }
  const plausibleSeconds = Math.ceil(secondsSinceStart * maximumParallelJobs) + maximumSecondsAhead
  const plausibleWei = startedWei + BigInt(plausibleSeconds) * pricePerSecondWei
  if (cumulativeWei > plausibleWei) {
    throw new VoucherNotSignedError(
      'implausible',
      `The server asks for ${cumulativeWei - startedWei} wei after ${Math.round(secondsSinceStart)} seconds: with ${maximumParallelJobs} jobs at once and ${maximumSecondsAhead} seconds ahead it can be ${plausibleWei - startedWei} at most`,
    )
  }
}
