// The thread itself: opens the data file for reading, and answers one question after the other.
import { parentPort, workerData } from 'node:worker_threads'
import { reasonOf } from '../reasonOf.ts'
import type { Answer, Queries, Question, Ready } from './queryThread.ts'
import { openReader } from './reader.ts'

const { path, module } = workerData as { path: string; module: string }
const { queries } = (await import(module)) as { queries: Queries }
const reader = openReader(path)

parentPort?.on('message', ({ id, name, question }: Question) => {
  parentPort?.postMessage(answer(id, name, question))
})
parentPort?.postMessage('ready' satisfies Ready)

function answer(id: number, name: string, question: unknown): Answer {
  try {
    return { id, value: queries[name]?.(reader, question as never) }
  } catch (failure) {
    // SQLite's own errors lose their words on the way to another thread.
    const error = new Error(reasonOf(failure), { cause: (failure as { code?: unknown }).code })
    return { id, error }
  }
}
