// Wall-clock time behind one seam, so that tests can hold it still.
// Chain time-outs count blocks; this is for logs, rates and signature validity.

export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

export const systemClock: Clock = { now: () => Date.now() }
