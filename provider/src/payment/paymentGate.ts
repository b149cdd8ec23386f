// Between a request and what serves it: is it paid for? The gateway asks; it knows no more of vouchers than this.
import type { Outcome } from '../outcome.ts'

/** Whose use it is: one right of one session. */
export type Payer = {
  readonly sessionId: bigint
  readonly rightId: bigint
  /** `sessionId:rightId`, as it stands in the data file. */
  readonly lane: string
}

/** What to answer instead: its status, headers and JSON body are x402's, or JSON with `error`. */
export type PaymentRefusal = {
  readonly status: 401 | 402 | 403 | 429 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export type PaidEndpoint = {
  readonly endpointId: string
  /** Offers whose sessions may use it. */
  readonly offerIds: readonly bigint[]
  /** Seconds that must be covered beyond what was used, for one more request to be let in. */
  readonly reserveSeconds: number
}

export type Admitted = {
  readonly payer: Payer
  /** For the answer. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * What it is paid with is on the disk, whither it goes with the next that is written, or after a moment: nothing is
   * answered before. An Outage where the disk does not take it.
   */
  readonly saved: Promise<void>
}

export type BegunJob = {
  readonly jobId: string
  /** Until now. */
  readonly ranMilliseconds: number
  /** It ran when the daemon was started anew: its payer could not sign meanwhile, and is given one interval to do so. */
  readonly isTakenUp?: true
}

/**
 * `unpaid`: more than one unsigned interval was used beyond what is signed. `ended`: the right, or its session, is over,
 * and signing on does not help.
 */
export type OverdueReason = 'unpaid' | 'ended'

export type OverdueListener = (payer: Payer, reason: OverdueReason) => void

export type PaymentGate = {
  /** For what costs: takes a voucher that comes with it. */
  admit(request: Request, endpoint: PaidEndpoint): Promise<Outcome<Admitted, PaymentRefusal>>
  /** For what costs nothing (status, stream, cancel): who asks. */
  identify(request: Request, endpoint: PaidEndpoint): Promise<Outcome<Payer, PaymentRefusal>>
  /** A job has begun: it counts against the payer's credit until `finished`. Synchronous, in memory. */
  began(payer: Payer, job: BegunJob): void
  /** Its worker was lost, and another will have it: what it used so far is not owed. Synchronous, in memory. */
  interrupted(payer: Payer, jobId: string): void
  /** What it used is owed. Once per job, also after a restart; on the disk before it resolves. */
  finished(payer: Payer, job: { readonly jobId: string; readonly usedMilliseconds: number }): Promise<void>
  /** Hears of payers whose jobs may not go on: end them. */
  onOverdue(listener: OverdueListener): void
}
