// Asks a data file in a thread of its own: SQLite is synchronous, and a page of a console must not hold up whoever is
// served meanwhile. What takes too long is ended with its thread; the next question has a new one.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Outage } from '../outage.ts'
import type { Reader } from './reader.ts'

/** What runs in the thread: a module that exports them as `queries`. Questions and answers are plain data. */
export type Queries = Readonly<Record<string, (reader: Reader, question: never) => unknown>>

export type QueryThread<Asked extends Queries> = {
  ask<Name extends keyof Asked & string>(
    name: Name,
    question: Parameters<Asked[Name]>[1],
  ): Promise<ReturnType<Asked[Name]>>
  stop(): Promise<void>
}

export type Question = { readonly id: number; readonly name: string; readonly question: unknown }
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: unknown })
/** The first thing that a thread says: it can be asked. */
export type Ready = 'ready'

type Waiting = {
  readonly resolve: (value: never) => void
  readonly reject: (reason: unknown) => void
  /** Undefined while the thread starts, which may take longer than any question on a busy machine. */
  timer: NodeJS.Timeout | undefined
}

/** Beyond that, whoever asks is told to come again. */
const mostWaiting = 100

export function createQueryThread<Asked extends Queries>(options: {
  /** The data file. */
  readonly path: string
  /** As it is imported: `@worldland-aa/…`. */
  readonly module: string
  readonly deadlineMilliseconds?: number
}): QueryThread<Asked> {
  const { path, deadlineMilliseconds = 10_000 } = options
  const require = createRequire(import.meta.url)
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let isReady = false
  let lastId = 0

  function start(): Worker {
    // Compiled, also where tests run the sources: a thread has no loader of theirs.
    const entry = require.resolve('@worldland-aa/service/database/queryThreadEntry')
    const module = pathToFileURL(require.resolve(options.module)).href
    const started = new Worker(entry, { workerData: { path, module } })
    started.unref()
    isReady = false
    started.on('message', (answer: Answer | Ready) => {
      if (answer === 'ready') return begin(started)
      const asked = take(answer.id)
      if (asked === undefined) return
      if ('error' in answer) asked.reject(answer.error)
      else asked.resolve(answer.value as never)
    })
    started.on('error', error => end(started, error))
    started.on('exit', () => end(started, new Error('The thread that reads the database has ended')))
    return started
  }

  function begin(started: Worker): void {
    if (worker !== started) return
    isReady = true
    for (const one of waiting.values()) one.timer = bound(started)
  }

  /** Not to be waited for with a process that ends. */
  function bound(asked: Worker): NodeJS.Timeout {
    const timer = setTimeout(() => {
      end(asked, tooMuch(`it took longer than ${deadlineMilliseconds} ms`))
      void asked.terminate()
    }, deadlineMilliseconds)
    return timer.unref()
  }

  function take(id: number): Waiting | undefined {
    const asked = waiting.get(id)
    waiting.delete(id)
    clearTimeout(asked?.timer)
    return asked
  }

  /** All that wait for this thread are told why they wait in vain. */
  function end(ended: Worker, reason: unknown): void {
    if (worker !== ended) return
    worker = undefined
    for (const id of [...waiting.keys()]) take(id)?.reject(reason)
  }

  return {
    async ask(name, question) {
      if (waiting.size >= mostWaiting) throw tooMuch(`${waiting.size} questions wait already`)
      worker ??= start()
      const asked = worker
      const id = ++lastId
      return await new Promise((resolve, reject) => {
        const timer = isReady ? bound(asked) : undefined
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, timer })
        asked.postMessage({ id, name, question } satisfies Question)
      })
    },
    async stop() {
      const asked = worker
      if (asked === undefined) return
      end(asked, new Error('The service is stopping'))
      await asked.terminate()
    },
  }
}

function tooMuch(why: string): Outage {
  return new Outage(
    'The database is busy: ask for less, or try again later',
    `the database was asked too much: ${why}`,
  )
}
