// A failure and its causes, from the outside in: viem, wallets and transports wrap what they were told.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Deeper than anybody wraps; causes may go in circles. */
const mostLevels = 32

export function* levelsOf(failure: unknown): Generator<Record<string, unknown>> {
  let level: unknown = failure
  for (let depth = 0; depth < mostLevels && isRecord(level); depth++) {
    yield level
    level = level.cause
  }
}
