// The voucher ledger: the last voucher taken of each lane and all that was used in it. In memory for judging, on the disk
// before anybody is told; the chain says what of it is redeemed.
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import type { Clock } from '@worldland-aa/service/clock'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import { payerOf } from './lane.ts'
import { bookJob, type FinishedJob, forgetJobs, readLanes, saveLane, saveOutcome } from './laneRows.ts'
import type { Payer } from './paymentGate.ts'
import type { PaymentTables } from './tables.ts'

export type LaneAccount = {
  readonly payer: Payer
  readonly signed: SignedVoucher
  readonly pricePerSecondWei: bigint
  readonly takenAtBlock: bigint
  readonly usedMilliseconds: bigint
  /** As the chain last said. */
  readonly redeemedWei: bigint
}

export type LaneBook = {
  /** From the data file; once, before anything else. */
  open(): Promise<void>
  get(lane: string): LaneAccount | undefined
  all(): Iterable<LaneAccount>
  ofSession(sessionId: bigint): readonly LaneAccount[]
  /**
   * In memory at once, so that whoever is judged next is judged against it; resolves when it is on the disk, whither it goes
   * with the next that is written, or after a moment.
   */
  take(
    signed: SignedVoucher,
    terms: { readonly pricePerSecondWei: bigint; readonly takenAtBlock: bigint },
  ): Promise<void>
  /** Has the lane's last voucher on the disk without delay, once it resolves; writes it again where that failed. */
  durable(lane: string): Promise<void>
  /** Once per job id. Resolves when it is on the disk: whether it was new. */
  book(payer: Payer, job: FinishedJob): Promise<boolean>
  /** A voucher of the lane is in a transaction of ours: anybody may read it from now on. */
  noteShown(lane: string, sequence: bigint): void
  /** The highest of those; 0 where this life of the daemon has shown none. */
  shownSequence(lane: string): bigint
  noteRedeemed(lane: string, redeemedWei: bigint): Promise<void>
  /** Its session is finalized: nothing of it will be needed again. */
  close(lane: string): Promise<void>
}

/** After that nobody books a job again. */
const jobMemorySeconds = 14 * 24 * 3_600
const bookingsBetweenCleanings = 10_000

export function createLaneBook(options: {
  readonly database: Kysely<PaymentTables>
  readonly commits: GroupCommit<PaymentTables>
  readonly clock: Clock
}): LaneBook {
  const { database, commits, clock } = options
  const accounts = new Map<string, LaneAccount>()
  const lanesOfSession = new Map<bigint, Set<string>>()
  /** Of lanes whose last voucher is not known to be on the disk: its write, which may have failed. */
  const writes = new Map<string, Promise<void>>()
  const shown = new Map<string, bigint>()
  let bookings = 0

  const nowSeconds = (): number => Math.floor(clock.now() / 1_000)

  function put(account: LaneAccount): void {
    const { lane, sessionId } = account.payer
    accounts.set(lane, account)
    const lanes = lanesOfSession.get(sessionId) ?? new Set()
    lanesOfSession.set(sessionId, lanes.add(lane))
  }

  function change(lane: string, changed: Partial<LaneAccount>): void {
    const account = accounts.get(lane)
    if (account !== undefined) accounts.set(lane, { ...account, ...changed })
  }

  function write(account: LaneAccount): Promise<void> {
    const { lane } = account.payer
    const writing = commits.commitLater(async transaction => saveLane(transaction, account))
    writes.set(lane, writing)
    writing.then(
      () => writes.get(lane) === writing && writes.delete(lane),
      // Stays, for `durable` to find.
      () => undefined,
    )
    return writing
  }

  function hasten(writing: Promise<void>): Promise<void> {
    void commits.settled()
    return writing
  }

  return {
    async open() {
      await commits.commit(transaction => forgetJobs(transaction, nowSeconds() - jobMemorySeconds))
      for (const account of await readLanes(database)) put(account)
    },
    get: lane => accounts.get(lane),
    all: () => accounts.values(),
    ofSession: sessionId =>
      [...(lanesOfSession.get(sessionId) ?? [])].flatMap(lane => accounts.get(lane) ?? []),
    take(signed, terms) {
      const payer = payerOf(signed.voucher)
      const { usedMilliseconds = 0n, redeemedWei = 0n } = accounts.get(payer.lane) ?? {}
      const account = { payer, signed, ...terms, usedMilliseconds, redeemedWei }
      put(account)
      return write(account)
    },
    async durable(lane) {
      const account = accounts.get(lane)
      const writing = writes.get(lane)
      if (account === undefined || writing === undefined) return
      await hasten(writing).catch(() => hasten(write(account)))
    },
    async book({ lane }, job) {
      const isNew = await commits.commit(async transaction => bookJob(transaction, lane, job, nowSeconds()))
      if (!isNew) return false
      const used = accounts.get(lane)?.usedMilliseconds ?? 0n
      change(lane, { usedMilliseconds: used + BigInt(job.usedMilliseconds) })
      bookings++
      if (bookings % bookingsBetweenCleanings === 0) {
        await commits.commitLater(transaction => forgetJobs(transaction, nowSeconds() - jobMemorySeconds))
      }
      return true
    },
    noteShown(lane, sequence) {
      if (sequence > (shown.get(lane) ?? 0n)) shown.set(lane, sequence)
    },
    shownSequence: lane => shown.get(lane) ?? 0n,
    async noteRedeemed(lane, redeemedWei) {
      if (accounts.get(lane)?.redeemedWei === redeemedWei) return
      change(lane, { redeemedWei })
      await commits.commitLater(transaction =>
        saveOutcome(transaction, lane, { redeemed_wei: String(redeemedWei) }),
      )
    },
    async close(lane) {
      const account = accounts.get(lane)
      if (account === undefined) return
      await commits.commitLater(transaction => saveOutcome(transaction, lane, { is_over: 1 }))
      accounts.delete(lane)
      shown.delete(lane)
      const lanes = lanesOfSession.get(account.payer.sessionId)
      lanes?.delete(lane)
      if (lanes?.size === 0) lanesOfSession.delete(account.payer.sessionId)
    },
  }
}
