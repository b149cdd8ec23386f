// What the calls of a caller take, as far as it is known: rises soon with what takes long, and falls by and by.

export type CostRecord = {
  isKnown(caller: string): boolean
  /** Milliseconds of its next call. */
  expectedOf(caller: string): number
  learn(caller: string, milliseconds: number): void
}

/** Of a caller of whom nothing is known. */
const guessMilliseconds = 4
/** Of what is known, how much stays when a call takes longer, or less long. */
const keptRising = 0.5
const keptFalling = 0.8
const mostCallers = 10_000

export function createCostRecord(): CostRecord {
  /** The least recently heard of first. */
  const expected = new Map<string, number>()
  return {
    isKnown: caller => expected.has(caller),
    expectedOf: caller => expected.get(caller) ?? guessMilliseconds,
    learn(caller, milliseconds) {
      const before = expected.get(caller) ?? milliseconds
      const kept = milliseconds > before ? keptRising : keptFalling
      expected.delete(caller)
      expected.set(caller, before * kept + milliseconds * (1 - kept))
      const [oldest] = expected.keys()
      if (expected.size > mostCallers && oldest !== undefined) expected.delete(oldest)
    },
  }
}
