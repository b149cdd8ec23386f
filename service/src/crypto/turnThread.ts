// Hands work to a thread of its own, for what takes longer than most of what else a request asks of a processor and would
// hold up whatever is served beside. What is asked in one turn of the event loop goes there together.
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { TurnThreadReady } from './serveTurns.ts'

export type TurnThread<Question, Answer> = {
  ask(question: Question): Promise<Answer>
  /** What is asked from then on is done without it. */
  stop(): Promise<void>
}

type Asked<Question, Answer> = {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

export function createTurnThread<Question, Answer>(options: {
  /** A module that calls `serveTurns` with the same answer. */
  readonly entry: string
  /** What the thread does, for while there is none. */
  readonly answer: (question: Question) => Answer
  /** Questions of one turn that are worth the way to the thread and back. */
  readonly fewest: number
}): TurnThread<Question, Answer> {
  type Turn = readonly Asked<Question, Answer>[]
  /** In the order in which they were asked, which is the order of the answers. */
  const turns: Turn[] = []
  let turn: Asked<Question, Answer>[] = []
  let worker: Worker | undefined
  let isReady = false
  let isStopped = false

  function start(): void {
    // Compiled, also where tests run the sources: a thread has no loader of theirs.
    const started = new Worker(createRequire(import.meta.url).resolve(options.entry))
    worker = started
    started.unref()
    started.on('message', (answers: readonly Answer[] | TurnThreadReady) => {
      if (worker !== started) return
      if (answers === 'ready') isReady = true
      else for (const [at, { resolve }] of (turns.shift() ?? []).entries()) resolve(answers[at] as Answer)
    })
    started.on('error', () => end(started))
    started.on('exit', () => end(started))
  }

  /** What it has not answered is done here; the next that is asked starts another one. */
  function end(ended: Worker | undefined): void {
    if (worker !== ended) return
    worker = undefined
    isReady = false
    for (const asked of turns.splice(0)) doHere(asked)
  }

  function doHere(asked: Turn): void {
    for (const { question, resolve, reject } of asked) {
      try {
        resolve(options.answer(question))
      } catch (error) {
        reject(error)
      }
    }
  }

  function askTogether(): void {
    const asked = turn
    turn = []
    if (worker === undefined || !isReady || asked.length < options.fewest) {
      doHere(asked)
      return
    }
    turns.push(asked)
    worker.postMessage(asked.map(({ question }) => question))
  }

  return {
    ask(question) {
      if (worker === undefined && !isStopped) start()
      return new Promise((resolve, reject) => {
        if (turn.length === 0) setImmediate(askTogether)
        turn.push({ question, resolve, reject })
      })
    },
    async stop() {
      isStopped = true
      const stopping = worker
      end(stopping)
      await stopping?.terminate()
    },
  }
}
