// What is being answered at the moment. A stop waits for it, though its caller may have gone: it may be in the middle of
// a write.
import type { Dispatcher } from '../jsonRpc/dispatcher.ts'

export type AnswersUnderWay = {
  /** Answers as the one that is given. */
  readonly dispatcher: Dispatcher
  /** Resolves when all that was asked so far is answered, or when the patience ends: what hangs holds up no stop. */
  settled(patienceMilliseconds: number): Promise<void>
}

export function watchAnswers(dispatcher: Dispatcher): AnswersUnderWay {
  const underWay = new Set<Promise<unknown>>()
  return {
    dispatcher: {
      handle(...asked) {
        const answer = dispatcher.handle(...asked)
        const over = (): void => void underWay.delete(answer)
        underWay.add(answer)
        answer.then(over, over)
        return answer
      },
    },
    async settled(patienceMilliseconds) {
      const patience = new Promise(resolve => setTimeout(resolve, patienceMilliseconds).unref())
      await Promise.race([Promise.allSettled(underWay), patience])
    },
  }
}
