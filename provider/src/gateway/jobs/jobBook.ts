// Decides what becomes of jobs. Whatever is said of one, by its client, its worker or the clock, is judged here against how
// it stands, and is on the disk before anybody is told.
import type { Clock } from '@worldland-aa/service/clock'
import type { Outcome } from '../../outcome.ts'
import type { Payer, PaymentGate } from '../../payment/paymentGate.ts'
import { type AliveMark, leaveOutDowntime } from './aliveMark.ts'
import type { FairQueue } from './fairQueue.ts'
import { isFinished, type Job, jobIdOf, runId } from './job.ts'
import type { JobArchive } from './jobArchive.ts'
import type { JobChanges } from './jobChanges.ts'
import type { JobIndex } from './jobIndex.ts'
import type { JobJournal } from './jobJournal.ts'
import type { JobKeeper } from './jobKeeper.ts'
import type { JobRerun } from './jobRerun.ts'
import { newJobId } from './newJobId.ts'
import { roomProblem } from './queueRoom.ts'
import { beginBy, complete, endWithout, isHeldBy, loseWorker, putBack, type Result } from './transitions.ts'

export type NewJob = {
  readonly endpointId: string
  readonly payer: Payer
  /** JSON, checked. */
  readonly input: string
  /** The caller waits for the answer. */
  readonly isAwaited: boolean
  readonly executionTimeoutMilliseconds: number
  readonly lifetimeMilliseconds: number
  readonly queueLimit: number
}

export type End = { readonly state: 'FAILED' | 'CANCELLED' | 'TIMED_OUT'; readonly reason: string }

export type RerunProblem = 'gone' | 'not failed' | { readonly full: string }

export type JobEvents = {
  /** A job waits for a worker. */
  onWaiting(endpointId: string): void
  /** A job that the worker has is over without it: it should stop. */
  onStopped(worker: string, run: string): void
  onFinished(job: Job): void
  onRetried(job: Job): void
}

export type JobBook = ReturnType<typeof createJobBook>

export type JobBookOptions = {
  readonly index: JobIndex
  readonly journal: JobJournal
  readonly archive: JobArchive
  readonly keeper: JobKeeper
  readonly alive: AliveMark
  readonly rerun: JobRerun
  readonly changes: JobChanges
  readonly gate: Pick<PaymentGate, 'began' | 'interrupted'>
  readonly events: JobEvents
  readonly clock: Clock
}

/** Inputs up to so much stay in memory while they wait. */
const smallInputBytes = 16 * 1024
const mostStreamBytes = 20 * 1024 * 1024
/** As RunPod keeps results: of what was answered at once for a minute, else for half an hour. */
const keptAwaitedMilliseconds = 60_000
const keptMilliseconds = 30 * 60_000

export function createJobBook(options: JobBookOptions) {
  const { index, journal, archive, keeper, alive, rerun, changes, gate, events, clock } = options
  /** Finished, and on their way to the disk. */
  const ending = new Map<Job, Promise<void>>()

  function wait(job: Job, isFirst: boolean): void {
    const queue = index.queueOf(job.endpointId)
    if (isFirst) queue.addFirst(job)
    else queue.add(job)
    events.onWaiting(job.endpointId)
  }

  /** Resolves when its end is on the disk, and only then is anybody told. */
  function keep(job: Job): Promise<void> {
    const kept = keeper.keep(job).then(() => {
      index.remove(job)
      ending.delete(job)
      changes.tell(job.id)
    })
    ending.set(job, kept)
    return kept
  }

  /** It has just ended. */
  function ended(job: Job, worker: string | undefined): Promise<void> {
    index.queueOf(job.endpointId).remove(job)
    if (worker !== undefined) index.released(job, worker)
    job.keepUntilMilliseconds = clock.now() + (job.isAwaited ? keptAwaitedMilliseconds : keptMilliseconds)
    events.onFinished(job)
    return keep(job)
  }

  async function endBy(job: Job, reason: End): Promise<boolean> {
    const worker = job.state === 'IN_PROGRESS' ? job.worker : undefined
    if (!endWithout(job, reason, clock.now())) {
      await ending.get(job)
      return false
    }
    if (worker !== undefined) events.onStopped(worker, runId(job))
    await ended(job, worker)
    return true
  }

  /** As workers name it. */
  function findRun(run: string): Job | undefined {
    const job = index.find(jobIdOf(run))
    return job !== undefined && runId(job) === run ? job : undefined
  }

  function failOnDisk(job: Job): void {
    // Its keeper tries until the disk is well again; its caller was told that there is no such job.
    endBy(job, lostOnDisk).catch(() => undefined)
  }

  /** Its worker is at it since before the daemon was started anew. */
  function takeUp(job: Job, worker: string, nowMilliseconds: number): void {
    index.held(job, worker)
    const ranMilliseconds = nowMilliseconds - (job.startedAtMilliseconds ?? nowMilliseconds)
    gate.began(job.payer, { jobId: runId(job), ranMilliseconds, isTakenUp: true })
  }

  return {
    /** Takes up what an earlier life left. */
    async open(): Promise<void> {
      const found = await archive.open()
      const running = found.filter(({ state, worker }) => state === 'IN_PROGRESS' && worker !== undefined)
      const lastAliveMilliseconds = await alive.read()
      const nowMilliseconds = clock.now()
      leaveOutDowntime(running, lastAliveMilliseconds, nowMilliseconds)
      // Together: by one without the other, the next life would reckon wrongly.
      await Promise.all([alive.set(), ...running.map(job => journal.written(job))])
      for (const job of found) {
        index.add(job)
        if (isFinished(job)) keep(job).catch(() => undefined)
        else if (job.state === 'IN_PROGRESS' && job.worker !== undefined)
          takeUp(job, job.worker, nowMilliseconds)
        else wait(job, false)
      }
    },

    /** Acknowledged once it resolves. Throws when the disk fails: then there is no such job. */
    async submit(asked: NewJob): Promise<Outcome<Job, string>> {
      const inputBytes = Buffer.byteLength(asked.input)
      const { sessionId } = asked.payer
      const problem = roomProblem(index.queueOf(asked.endpointId), {
        ...{ sessionId, inputBytes },
        queueLimit: asked.queueLimit,
      })
      if (problem !== undefined) return { ok: false, refusal: problem }
      const job = createJob(asked, inputBytes, clock.now())
      index.add(job)
      wait(job, false)
      const isSmall = inputBytes <= smallInputBytes
      // Its caller hears nothing before it is done, and then its end is on the disk.
      if (asked.isAwaited && isSmall) {
        journal.writtenIfItLasts(job).catch(() => failOnDisk(job))
        return { ok: true, value: job }
      }
      try {
        await journal.written(job)
      } catch (error) {
        failOnDisk(job)
        throw error
      }
      if (!isSmall) job.input = undefined
      return { ok: true, value: job }
    },

    /** Runs a failed job again, by the same id: its client asked for it. Acknowledged once it resolves. */
    async runAgain(id: string, queueLimit: number): Promise<Outcome<Job, RerunProblem>> {
      const live = index.find(id)
      if (live !== undefined) await ending.get(live)
      const before = await archive.find(id)
      if (before === undefined) return { ok: false, refusal: 'gone' }
      const { sessionId } = before.payer
      const asked = { sessionId, inputBytes: before.inputBytes, queueLimit }
      const problem = roomProblem(index.queueOf(before.endpointId), asked)
      if (problem !== undefined) return { ok: false, refusal: { full: problem } }
      const job = await rerun(id, clock.now())
      if (job === undefined) return { ok: false, refusal: 'not failed' }
      index.add(job)
      events.onRetried(job)
      wait(job, false)
      return { ok: true, value: job }
    },

    /** The next jobs of the queue, the worker's from now on; they are handed out once they are `leased`. */
    take(endpointId: string, worker: string, most: number): readonly Job[] {
      const queue = index.queueOf(endpointId)
      const taken: Job[] = []
      while (taken.length < most) {
        const job = queue.next()
        if (job === undefined) break
        beginBy(job, worker, clock.now())
        index.held(job, worker)
        gate.began(job.payer, { jobId: runId(job), ranMilliseconds: 0 })
        taken.push(job)
      }
      return taken
    },

    /** Resolves, with the input, once the job may be handed out: once the disk knows who has it. */
    async leased(job: Job): Promise<string | undefined> {
      // Nobody was told of it yet: were it lost with the daemon, nothing would be, and its result would count for nothing.
      if (job.isAwaited && job.input !== undefined) {
        if (!journal.isHeldBack(job)) journal.written(job).catch(() => undefined)
        return job.input
      }
      await journal.written(job)
      return job.input ?? (await archive.input(job.id))
    },

    /** The worker did not get what it had taken: nobody's fault. */
    untake(job: Job, worker: string): void {
      if (!isHeldBy(job, worker)) return
      index.released(job, worker)
      putBack(job)
      gate.interrupted(job.payer, runId(job))
      wait(job, true)
      journal.writtenLater(job)
    },

    /** Whether it counts: a result of one that has the job no more changes nothing. Resolves once it is on the disk. */
    async complete(worker: string, run: string, result: Result): Promise<boolean> {
      const job = findRun(run)
      if (job === undefined) return false
      // Said once more, for the answer to the first time was lost.
      if (isFinished(job)) {
        await ending.get(job)
        return job.worker === worker
      }
      if (!isHeldBy(job, worker)) return false
      complete(job, result, clock.now())
      await ended(job, worker)
      return true
    },

    /** What the worker says while it is at it. */
    progress(worker: string, run: string, output: string | undefined): boolean {
      const job = findRun(run)
      if (job === undefined || !isHeldBy(job, worker)) return false
      job.output = output
      journal.writtenLater(job)
      return true
    },

    async stream(worker: string, run: string, output: string): Promise<boolean> {
      const job = findRun(run)
      if (job === undefined || !isHeldBy(job, worker)) return false
      const bytes = Buffer.byteLength(output)
      if (job.streamBytes + bytes > mostStreamBytes) {
        await endBy(job, streamedTooMuch)
        return false
      }
      const position = job.streamParts++
      job.streamBytes += bytes
      await journal.written(job, { jobId: job.id, attempt: job.attempt, position, output })
      changes.tell(job.id)
      return true
    },

    /** Its client has been given so many parts of what this attempt streamed; less than before changes nothing. */
    async taken(
      job: Job,
      { attempt, parts }: { readonly attempt: number; readonly parts: number },
    ): Promise<void> {
      if (job.attempt !== attempt) return
      job.streamTaken = Math.max(job.streamTaken, parts)
      if (index.find(job.id) === job) journal.writtenLater(job)
      else await archive.taken(job.id, parts)
    },

    /** Its caller waits no more, and is to be told of it: resolves when it is on the disk. */
    async unawaited(job: Job): Promise<void> {
      job.isAwaited = false
      await journal.written(job)
    },

    /** Ends it without its worker, which is told to stop. False where it was over before. */
    end: endBy,

    /** The worker is gone, or knows nothing of the job: another one has it once more. */
    async lose(job: Job, worker: string, reason: string): Promise<void> {
      if (!isHeldBy(job, worker)) return
      index.released(job, worker)
      if (loseWorker(job, reason, clock.now()) === 'failed') return await ended(job, undefined)
      gate.interrupted(job.payer, runId(job))
      events.onRetried(job)
      wait(job, true)
      await journal.written(job)
    },

    find: (id: string): Job | undefined => index.find(id),
    heldBy: (worker: string): ReadonlySet<Job> => index.heldBy(worker),
    ofLane: (lane: string): ReadonlySet<Job> => index.ofLane(lane),
    holders: (): readonly string[] => [...index.holders()],
    queueOf: (endpointId: string): FairQueue => index.queueOf(endpointId),
    endpointIds: (): readonly string[] => [...index.endpointIds()],
  }
}

const lostOnDisk = { state: 'FAILED', reason: 'The job could not be written to the disk' } as const
const streamedTooMuch = {
  state: 'FAILED',
  reason: `The worker streamed more than ${mostStreamBytes} bytes: let it return less, or a link to it`,
} as const

function createJob(asked: NewJob, inputBytes: number, now: number): Job {
  return {
    id: newJobId(now),
    endpointId: asked.endpointId,
    payer: asked.payer,
    createdAtMilliseconds: now,
    executionTimeoutMilliseconds: asked.executionTimeoutMilliseconds,
    expiresAtMilliseconds: now + asked.lifetimeMilliseconds,
    inputBytes,
    input: asked.input,
    isAwaited: asked.isAwaited,
    state: 'IN_QUEUE',
    attempt: 0,
    deaths: 0,
    reruns: 0,
    worker: undefined,
    startedAtMilliseconds: undefined,
    finishedAtMilliseconds: undefined,
    output: undefined,
    error: undefined,
    streamBytes: 0,
    streamParts: 0,
    streamTaken: 0,
    isSettled: false,
    keepUntilMilliseconds: undefined,
  }
}
