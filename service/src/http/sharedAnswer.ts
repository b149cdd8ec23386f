// An answer that costs something, made once for all who ask at the same time or a moment later.
import type { Clock } from '../clock.ts'

const momentMilliseconds = 200

export function sharedAnswer<Answer>(
  make: () => Promise<Answer> | Answer,
  clock: Clock,
): () => Promise<Answer> {
  let last: { readonly answer: Promise<Answer>; madeAtMilliseconds: number | undefined } | undefined
  return () => {
    const age = last?.madeAtMilliseconds === undefined ? 0 : clock.now() - last.madeAtMilliseconds
    // A clock that is set back makes no answer younger.
    if (last !== undefined && age >= 0 && age < momentMilliseconds) return last.answer
    const made = { answer: Promise.resolve().then(make), madeAtMilliseconds: undefined as number | undefined }
    last = made
    made.answer.then(
      () => {
        made.madeAtMilliseconds = clock.now()
      },
      () => {
        if (last === made) last = undefined
      },
    )
    return made.answer
  }
}
