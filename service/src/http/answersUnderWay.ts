// What is being answered at the moment. A stop waits for it, though its caller may have gone: it may be in the middle of
// a write.
import type { Dispatcher } from '../jsonRpc/dispatcher.ts'
import type { Site } from './site.ts'

export type AnswersUnderWay = {
  /** Answers as the one that is given. */
  readonly dispatcher: Dispatcher
  readonly sites: readonly Site[]
  /** Resolves when all that was asked so far is answered, or when the patience ends: what hangs holds up no stop. */
  settled(patienceMilliseconds: number): Promise<void>
}

export function watchAnswers(dispatcher: Dispatcher, sites: readonly Site[]): AnswersUnderWay {
  const underWay = new Set<Promise<unknown>>()

  function watch<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const over = (): void => void underWay.delete(answer)
    underWay.add(answer)
    answer.then(over, over)
    return answer
  }

  return {
    dispatcher: { handle: (...asked) => watch(dispatcher.handle(...asked)) },
    // Until the answer begins: a stream of events has no end to wait for.
    sites: sites.map(site => ({
      ...site,
      answer: (...asked) => watch(Promise.resolve(site.answer(...asked))),
    })),
    async settled(patienceMilliseconds) {
      const patience = new Promise(resolve => setTimeout(resolve, patienceMilliseconds).unref())
      await Promise.race([Promise.allSettled(underWay), patience])
    },
  }
}
