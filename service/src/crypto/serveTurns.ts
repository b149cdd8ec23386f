// The thread's side of `createTurnThread`: answers one question after the other, and those of one turn together. Nothing
// large is imported, for each such thread loads it.
import { parentPort } from 'node:worker_threads'

/** The first thing that a thread says: it can be asked. */
export type TurnThreadReady = 'ready'

export function serveTurns<Question, Answer>(answer: (question: Question) => Answer): void {
  parentPort?.on('message', (questions: readonly Question[]) => {
    parentPort?.postMessage(questions.map(answer))
  })
  parentPort?.postMessage('ready' satisfies TurnThreadReady)
}
