// The windows in which limits count, by the calendar in UTC. A budget's id ends with its window's name, by which it is
// known when it is over.
export const budgetWindows = ['hour', 'day', 'week', 'month', 'total'] as const
/** All but `total` start anew: at the full hour, at midnight, on Monday, on the first of the month. */
export type BudgetWindow = (typeof budgetWindows)[number]

const secondsPerDay = 86_400

/** A budget counts in the window in which its operation was signed, also when that lands in the next. */
export function windowName(window: BudgetWindow, nowSeconds: number): string {
  const time = new Date(nowSeconds * 1000).toISOString()
  switch (window) {
    case 'hour':
      return time.slice(0, 13)
    case 'day':
      return time.slice(0, 10)
    case 'week':
      return `week-${dayName(mondayBefore(nowSeconds))}`
    case 'month':
      return time.slice(0, 7)
    case 'total':
      return 'total'
  }
}

/** The last second of the window that a budget's id ends with; infinity for one that counts for ever, or has none. */
export function windowEnd(budgetId: string): number {
  const name = budgetId.slice(budgetId.lastIndexOf('/') + 1)
  if (/^\d{4}-\d{2}-\d{2}T\d{2}$/.test(name)) return seconds(`${name}:00:00Z`) + 3_599
  if (/^\d{4}-\d{2}-\d{2}$/.test(name)) return seconds(`${name}T00:00:00Z`) + secondsPerDay - 1
  if (/^week-\d{4}-\d{2}-\d{2}$/.test(name)) {
    return seconds(`${name.slice(5)}T00:00:00Z`) + 7 * secondsPerDay - 1
  }
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(name) ?? []
  return year === undefined ? Number.POSITIVE_INFINITY : Date.UTC(Number(year), Number(month)) / 1000 - 1
}

/** For people: ` for today (UTC)`; nothing for a window that never ends. */
export function windowWords(window: BudgetWindow): string {
  const words = { hour: 'this hour', day: 'today', week: 'this week', month: 'this month', total: '' }
  return window === 'total' ? '' : ` for ${words[window]} (UTC)`
}

function mondayBefore(nowSeconds: number): number {
  const day = Math.floor(nowSeconds / secondsPerDay)
  // The Unix epoch began on a Thursday.
  return (day - ((day + 3) % 7)) * secondsPerDay
}

function dayName(atSeconds: number): string {
  return new Date(atSeconds * 1000).toISOString().slice(0, 10)
}

function seconds(time: string): number {
  return Date.parse(time) / 1000
}
