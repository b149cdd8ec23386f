// Validation and estimates take their turns, by caller, so that nobody's calls keep the others waiting: in the order of
// the time that each caller has had, few under way at once where they take long, and all within bounds.

import type { RateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { type CallContext, rpcErrorCode } from '@worldland-aa/service/jsonRpc/protocol'
import { type Result, refuse } from '@worldland-aa/service/result'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { createCostRecord } from './costRecord.ts'
import { createFairQueue, type Path } from './fairQueue.ts'

export type Turns = {
  /** Does `work` in its turn; a refusal where there are too many before it, or the caller has had too much. */
  inTurn<Value>(turn: Turn, work: () => Promise<Result<Value>>): Promise<Result<Value>>
  /** What was spent on the operation is not paid for after all: the mempool did not take it. */
  unpaid(turn: Turn): void
}

export type Turn = {
  readonly context: CallContext
  readonly userOperation: UserOperation
  readonly kind: TurnKind
}

/** `validation` that succeeds is paid for by an operation that lands; estimates and explanations by nobody. */
export type TurnKind = 'validation' | 'estimate' | 'explanation'

/** Where work is done: how much at once, and what it took. */
export type Workplace = {
  /** Each works by itself. */
  readonly count: number
  placeOf(userOperation: UserOperation): number
  /** Under way at once at one place: enough to keep it busy, and little to wait for. */
  readonly windowMilliseconds: number
  /** What the operation has taken so far; undefined where only the clock can tell. */
  spentOn(userOperation: UserOperation): number | undefined
}

export type TurnsOptions = {
  readonly workplace: Workplace
  /** Milliseconds a second that each caller may have without paying. */
  readonly unpaidTime: RateLimiter
  readonly limits?: { readonly waiting: number; readonly waitingPerCaller: number }
  readonly onRefused?: (reason: 'full' | 'unpaid') => void
  /** Told of every one more or fewer that waits. */
  readonly onWaiting?: (change: 1 | -1) => void
}

type Job = { readonly begin: () => void; readonly refuse: (result: Result<never>) => void }

const defaultLimits = { waiting: 2_048, waitingPerCaller: 256 }

export function createTurns(options: TurnsOptions): Turns {
  const { workplace, unpaidTime, limits = defaultLimits } = options
  /** What was not charged, and may be yet. */
  const spent = new WeakMap<UserOperation, number>()
  const places = Array.from({ length: workplace.count }, createPlace)

  function refusedAs(reason: 'full' | 'unpaid', message: string, hint: string): Result<never> {
    options.onRefused?.(reason)
    return refuse({ code: rpcErrorCode.limitExceeded, message: `${message}: ${hint}`, data: { hint } })
  }

  function spentTooMuch(seconds: number): Result<never> {
    return refusedAs(
      'unpaid',
      'Your estimates and refused operations have taken more time than one caller may have',
      `try again in ${Math.ceil(seconds)} s`,
    )
  }

  function createPlace() {
    const queue = createFairQueue<Job>()
    const costs = createCostRecord()
    const underWay = new Map<string, number>()
    let underWayMilliseconds = 0

    function tooMany(caller: string): Result<never> {
      const seconds = Math.ceil((queue.waitingOf(caller) * costs.expectedOf(caller)) / 1_000)
      return refusedAs(
        'full',
        'Too many operations wait to be judged',
        `try again in ${Math.max(1, seconds)} s`,
      )
    }

    /** Of a caller of whom nothing is known one is tried first. */
    const mayBegin = (caller: string): boolean => costs.isKnown(caller) || !underWay.has(caller)

    function beginNext(): void {
      while (queue.waiting > 0) {
        if (underWayMilliseconds >= workplace.windowMilliseconds) return
        const next = queue.next(mayBegin)
        if (next === undefined) return
        next.job.begin()
      }
    }

    async function carryOut<Value>(
      path: Path,
      { context, userOperation, kind }: Turn,
      work: () => Promise<Result<Value>>,
    ): Promise<Result<Value>> {
      const { caller } = context
      const expected = costs.expectedOf(caller)
      underWay.set(caller, (underWay.get(caller) ?? 0) + 1)
      underWayMilliseconds += expected
      queue.charge(path, expected)
      const startedAt = performance.now()
      const spentBefore = workplace.spentOn(userOperation) ?? 0
      let isPaid = false
      try {
        const result = await work()
        isPaid = result.ok && kind === 'validation'
        return result
      } finally {
        const spentNow = workplace.spentOn(userOperation)
        const milliseconds = spentNow === undefined ? performance.now() - startedAt : spentNow - spentBefore
        costs.learn(caller, milliseconds)
        if (isPaid) spent.set(userOperation, milliseconds)
        else unpaidTime.charge(caller, milliseconds)
        queue.charge(path, milliseconds - expected)
        queue.end(path)
        underWayMilliseconds -= expected
        const left = (underWay.get(caller) ?? 1) - 1
        if (left === 0) underWay.delete(caller)
        else underWay.set(caller, left)
        beginNext()
      }
    }

    return {
      inTurn<Value>(turn: Turn, work: () => Promise<Result<Value>>): Promise<Result<Value>> {
        const { caller, signal } = turn.context
        const path = pathOf(turn)
        if (queue.waitingOf(caller) >= limits.waitingPerCaller) return Promise.resolve(tooMany(caller))
        return new Promise((resolve, reject) => {
          let isWaiting = true
          const endWait = (): void => {
            isWaiting = false
            signal.removeEventListener('abort', leave)
            options.onWaiting?.(-1)
          }
          const leave = (): void => {
            if (!queue.remove(path, job)) return
            endWait()
            resolve(gone)
          }
          const job: Job = {
            begin() {
              endWait()
              const seconds = unpaidTime.secondsUntilSolvent(caller)
              if (seconds > 0) {
                queue.end(path)
                resolve(spentTooMuch(seconds))
              } else carryOut(path, turn, work).then(resolve, reject)
            },
            refuse(result) {
              endWait()
              resolve(result)
            },
          }
          queue.add(path, job)
          options.onWaiting?.(1)
          if (queue.waiting > limits.waiting) {
            const last = queue.takeFromLongest()
            last?.job.refuse(tooMany(last.path[0] ?? ''))
          }
          beginNext()
          // Most begin at once, and need not hear that their caller has gone.
          if (isWaiting) signal.addEventListener('abort', leave, { once: true })
        })
      },
    }
  }

  return {
    async inTurn(turn, work) {
      const { signal, caller } = turn.context
      if (signal.aborted) return gone
      const seconds = unpaidTime.secondsUntilSolvent(caller)
      if (seconds > 0) return spentTooMuch(seconds)
      const place = places[workplace.placeOf(turn.userOperation) % places.length]
      if (place === undefined) throw new Error('There is no place to work at')
      return await place.inTurn(turn, work)
    },
    unpaid({ context, userOperation }) {
      unpaidTime.charge(context.caller, spent.get(userOperation) ?? 0)
    },
  }
}

function pathOf({ context, userOperation: { sender, paymaster, factory } }: Turn): Path {
  return [context.caller, sender.toLowerCase(), `${paymaster ?? factory ?? ''}`.toLowerCase()]
}

/** Nobody hears it. */
const gone = refuse({ code: rpcErrorCode.limitExceeded, message: 'The caller has gone' })
