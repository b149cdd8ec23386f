// A payment gate of tests: a bearer token `SESSION:RIGHT` is a payer with credit, and what is owed stands in memory, which
// outlives a gateway that is killed.
import { voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import type {
  OverdueListener,
  OverdueReason,
  Payer,
  PaymentGate,
  PaymentRefusal,
} from '../../payment/paymentGate.ts'

export type TestGate = PaymentGate & {
  /** Milliseconds owed, by job. */
  readonly owed: ReadonlyMap<string, number>
  readonly running: ReadonlyMap<string, Payer>
  /** What jobs had run when they were taken up after a restart. */
  readonly takenUp: ReadonlyMap<string, number>
  overdue(payer: Payer, reason: OverdueReason): void
  /** What the next request is paid with does not come to the disk. */
  loseNext(error: Error): void
}

export function createTestGate(): TestGate {
  const owed = new Map<string, number>()
  const running = new Map<string, Payer>()
  const takenUp = new Map<string, number>()
  const listeners: OverdueListener[] = []
  let lost: Error | undefined

  function save(): Promise<void> {
    const error = lost
    lost = undefined
    const saved = error === undefined ? Promise.resolve() : Promise.reject(error)
    saved.catch(() => undefined)
    return saved
  }

  function payerOf(request: Request) {
    const [, sessionId, rightId] =
      /^Bearer (\d+):(\d+)$/.exec(request.headers.get('authorization') ?? '') ?? []
    if (sessionId === undefined || rightId === undefined) return { ok: false as const, refusal }
    const payer = {
      sessionId: BigInt(sessionId),
      rightId: BigInt(rightId),
      lane: `${sessionId}:${rightId}`,
    }
    return { ok: true as const, value: payer }
  }

  return {
    owed,
    running,
    takenUp,
    overdue(payer, reason) {
      for (const listener of listeners) listener(payer, reason)
    },
    loseNext(error) {
      lost = error
    },
    async admit(request) {
      const payer = payerOf(request)
      return payer.ok
        ? {
            ok: true,
            value: {
              payer: payer.value,
              headers: { [voucherHeaders.laneToken]: 'taken' },
              saved: save(),
            },
          }
        : payer
    },
    identify: async request => payerOf(request),
    began(payer, { jobId, ranMilliseconds, isTakenUp }) {
      running.set(jobId, payer)
      if (isTakenUp) takenUp.set(jobId, ranMilliseconds)
    },
    interrupted: (_, jobId) => void running.delete(jobId),
    async finished(_, { jobId, usedMilliseconds }) {
      running.delete(jobId)
      // Once per job, also when it is told again after a restart.
      if (!owed.has(jobId)) owed.set(jobId, usedMilliseconds)
    },
    onOverdue: listener => void listeners.push(listener),
  }
}

const refusal: PaymentRefusal = { status: 401, headers: {}, body: { error: 'Send a bearer token' } }
