// When a message that was not taken is sent again: soon at first, for who restarts, then seldom, for who is away over
// night; after about a day it is given up, and an operator may send it by hand.

const minute = 60
const hour = 60 * minute

const delaysSeconds = [
  5,
  30,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  6 * hour,
  10 * hour,
]

/** Until the next attempt after so many failed ones, a tenth more or less; undefined when it is given up. */
export function retryDelaySeconds(failedAttempts: number, chance = Math.random()): number | undefined {
  const delay = delaysSeconds[failedAttempts - 1]
  return delay === undefined ? undefined : Math.round(delay * (0.9 + 0.2 * chance))
}
