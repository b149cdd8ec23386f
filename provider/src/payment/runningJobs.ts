// Which jobs run on whose account, and when they have run beyond what is signed for. Time is taken from a clock that no one
// sets; the timer of a lane is for the moment at which its jobs will have used the unsigned interval.
import { millisecondsUntilOverdue } from './owed.ts'
import type { BegunJob, OverdueListener, OverdueReason, Payer } from './paymentGate.ts'

export type RunningJobs = {
  began(payer: Payer, job: BegunJob): void
  ended(payer: Payer, jobId: string): void
  /** Milliseconds of each. */
  elapsed(lane: string): readonly number[]
  /** Something was signed or booked. */
  lookAgain(payer: Payer): void
  payers(): readonly Payer[]
  onOverdue(listener: OverdueListener): void
  /** Their right is over: they may not go on, whatever is signed. */
  endAll(payer: Payer): void
  stop(): void
}

/** Node's timers fire at once beyond that. */
const longestTimerMilliseconds = 2 ** 31 - 1
/** A lane that stays overdue is told again: whoever was told may not have ended its jobs. */
const againMilliseconds = 1_000

export function createRunningJobs(options: {
  readonly unsignedMilliseconds: number
  /** Of a lane: undefined where nothing was ever signed. */
  readonly accountOf: (
    lane: string,
  ) =>
    | { readonly signedWei: bigint; readonly usedMilliseconds: bigint; readonly pricePerSecondWei: bigint }
    | undefined
  /** Milliseconds of a clock that goes on evenly; from when does not matter. */
  readonly now: () => number
}): RunningJobs {
  const { unsignedMilliseconds, accountOf, now } = options
  type Running = {
    readonly payer: Payer
    readonly startedAt: Map<string, number>
    /** Nobody is told before. */
    patientUntil: number
    timer?: NodeJS.Timeout
  }
  const lanes = new Map<string, Running>()
  const listeners: OverdueListener[] = []

  const elapsed = (lane: string): readonly number[] =>
    [...(lanes.get(lane)?.startedAt.values() ?? [])].map(since => Math.max(0, now() - since))

  function tell(payer: Payer, reason: OverdueReason): void {
    for (const listener of listeners) listener(payer, reason)
  }

  function look(running: Running): void {
    clearTimeout(running.timer)
    const { payer } = running
    if (running.startedAt.size === 0) {
      lanes.delete(payer.lane)
      return
    }
    const account = accountOf(payer.lane)
    const left =
      account === undefined
        ? 0
        : millisecondsUntilOverdue(
            { ...account, runningMilliseconds: elapsed(payer.lane) },
            { signedWei: account.signedWei, unsignedMilliseconds },
          )
    const wait = Math.max(left, running.patientUntil - now())
    const isOverdue = wait <= 0
    const delay = isOverdue ? againMilliseconds : Math.min(Math.ceil(wait), longestTimerMilliseconds)
    running.timer = setTimeout(() => look(running), delay).unref()
    if (isOverdue) tell(payer, 'unpaid')
  }

  return {
    elapsed,
    began(payer, { jobId, ranMilliseconds, isTakenUp }) {
      const running: Running = lanes.get(payer.lane) ?? { payer, startedAt: new Map(), patientUntil: now() }
      lanes.set(payer.lane, running)
      running.startedAt.set(jobId, now() - ranMilliseconds)
      if (isTakenUp) running.patientUntil = now() + unsignedMilliseconds
      look(running)
    },
    ended(payer, jobId) {
      const running = lanes.get(payer.lane)
      if (running?.startedAt.delete(jobId)) look(running)
    },
    lookAgain({ lane }) {
      const running = lanes.get(lane)
      if (running !== undefined) look(running)
    },
    payers: () => [...lanes.values()].map(({ payer }) => payer),
    onOverdue: listener => void listeners.push(listener),
    endAll: payer => tell(payer, 'ended'),
    stop() {
      for (const { timer } of lanes.values()) clearTimeout(timer)
    },
  }
}
