// One after the other: what is asked for while something is under way waits for its turn.

export type Turns = <Value>(work: () => Promise<Value>) => Promise<Value>

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}
