// A clock that nobody sets: it says the time of day as it was when it was made, and goes on from there. What jobs run and
// workers keep silent is measured by it, so that a host whose time of day is put right ends nothing and charges nobody.
import type { Clock } from '@worldland-aa/service/clock'

export function createSteadyClock(timeOfDay: Clock): Clock {
  const madeAtMilliseconds = timeOfDay.now()
  const origin = performance.now()
  // Whole ones, as the data file holds them.
  return { now: () => Math.round(madeAtMilliseconds + performance.now() - origin) }
}
