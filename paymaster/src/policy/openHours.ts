// Hours of the day on days of the week, in UTC, in which a policy sponsors. What is open past midnight belongs to the day
// on which it opened.

/** As in ISO 8601: Monday is the first. */
export const daysOfWeek = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export type DayOfWeek = (typeof daysOfWeek)[number]

export type OpenHours = {
  readonly days: ReadonlySet<DayOfWeek>
  /** Seconds after midnight UTC; at or before `fromSeconds` it ends on the next day. */
  readonly fromSeconds: number
  readonly toSeconds: number
}

const secondsPerDay = 86_400
/** The Unix epoch began on a Thursday. */
const dayOfEpoch = 3
const daysInWeek = 7

type Opening = { readonly from: number; readonly to: number }

/** When it closes, if it is open at that time; infinity where it never does. Seconds since the Unix epoch. */
export function openUntil(hours: readonly OpenHours[], nowSeconds: number): number | undefined {
  const openings = openingsAround(hours, nowSeconds)
  let until = nowSeconds
  for (let more = true; more; ) {
    const reaching = openings.filter(({ from, to }) => from <= until && to > until).map(({ to }) => to)
    more = reaching.length > 0
    until = Math.max(until, ...reaching)
  }
  if (until === nowSeconds) return undefined
  // As far as was looked: each week is like the one before.
  return until >= nowSeconds + daysInWeek * secondsPerDay ? Number.POSITIVE_INFINITY : until
}

/** When it opens next; undefined where it is open, or never is. */
export function opensAt(hours: readonly OpenHours[], nowSeconds: number): number | undefined {
  if (openUntil(hours, nowSeconds) !== undefined) return undefined
  const next = openingsAround(hours, nowSeconds)
    .map(({ from }) => from)
    .filter(from => from > nowSeconds)
  return next.length === 0 ? undefined : Math.min(...next)
}

/** From yesterday's, which may reach into today, to those of the next week. */
function openingsAround(hours: readonly OpenHours[], nowSeconds: number): readonly Opening[] {
  const today = Math.floor(nowSeconds / secondsPerDay)
  return Array.from({ length: daysInWeek + 3 }, (_, index) => today - 1 + index).flatMap(day => {
    const name = daysOfWeek[(day + dayOfEpoch) % daysInWeek]
    return hours
      .filter(({ days }) => name !== undefined && days.has(name))
      .map(({ fromSeconds, toSeconds }) => {
        const midnight = day * secondsPerDay
        const end = toSeconds > fromSeconds ? toSeconds : toSeconds + secondsPerDay
        return { from: midnight + fromSeconds, to: midnight + end }
      })
  })
}
