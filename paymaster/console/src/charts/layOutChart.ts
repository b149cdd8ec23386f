// Where the bars and the ticks of a chart are: in pixels, by arithmetic alone.
import type { Language } from '../i18n/language.ts'
import { stacked } from './stacked.ts'

export type ChartBar = { readonly x: number; readonly y: number; readonly height: number }
export type Tick<Value> = { readonly at: number; readonly value: Value }

export type ChartLayout = {
  readonly plot: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
  readonly stepWidth: number
  readonly barWidth: number
  /** By series: each on top of those after it, drawn over by them. */
  readonly bars: readonly (readonly ChartBar[])[]
  readonly valueTicks: readonly Tick<number>[]
  readonly timeTicks: readonly Tick<string>[]
}

const margin = { left: 64, right: 8, top: 8, bottom: 24 }
const widestBar = 36
const leastPixels = { betweenValues: 34, betweenTimes: 72 }
const hour = 3_600
const timeSteps = [1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24].map(hours => hours * hour)

export function layOutChart(chart: {
  readonly width: number
  readonly height: number
  readonly startsAtSeconds: readonly number[]
  readonly values: readonly (readonly number[])[]
  readonly isWhole: boolean
  readonly language: Language
}): ChartLayout {
  const plot = {
    left: margin.left,
    top: margin.top,
    width: Math.max(0, chart.width - margin.left - margin.right),
    height: chart.height - margin.top - margin.bottom,
  }
  const stepWidth = plot.width / Math.max(1, chart.startsAtSeconds.length)
  const barWidth = Math.min(widestBar, stepWidth * 0.72)
  const sums = stacked(chart.values)
  const most = Math.max(0, ...sums.flat())
  const scale = plot.height / (most > 0 ? most * 1.08 : 1)
  const y = (value: number): number => plot.top + plot.height - value * scale
  const middle = (index: number): number => plot.left + (index + 0.5) * stepWidth
  return {
    plot,
    stepWidth,
    barWidth,
    bars: sums.map(values =>
      values.map((value, index) => ({ x: middle(index) - barWidth / 2, y: y(value), height: value * scale })),
    ),
    valueTicks: valuesUpTo(most, plot.height, chart.isWhole).map(value => ({ at: y(value), value })),
    timeTicks: timesOf(chart.startsAtSeconds, stepWidth, chart.language).map(({ at, value }) => ({
      at: middle(at),
      value,
    })),
  }
}

/** Round ones, zero first; of what is counted, there are no halves. */
function valuesUpTo(most: number, pixels: number, isWhole: boolean): number[] {
  if (most <= 0) return [0]
  const least = most / Math.max(1, Math.floor(pixels / leastPixels.betweenValues))
  const power = 10 ** Math.floor(Math.log10(least))
  const round = [1, 2, 5, 10].map(digit => digit * power).find(step => step >= least) ?? 10 * power
  const step = isWhole ? Math.max(1, round) : round
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
}

/** Counted from the first midnight of the reader's, so that days begin where a day begins. */
function timesOf(startsAtSeconds: readonly number[], stepWidth: number, language: Language): Tick<string>[] {
  const [first = 0, second = first + hour] = startsAtSeconds
  const stepSeconds = second - first
  const least = (leastPixels.betweenTimes / stepWidth) * stepSeconds
  const seconds = timeSteps.find(one => one >= Math.max(least, stepSeconds)) ?? Math.ceil(least)
  const every = Math.max(1, Math.round(seconds / stepSeconds))
  const origin = Math.max(0, startsAtSeconds.findIndex(isMidnight))
  return startsAtSeconds.flatMap((at, index) =>
    (index - origin) % every === 0 ? [{ at: index, value: timeText(at, seconds, language) }] : [],
  )
}

function isMidnight(atSeconds: number): boolean {
  const date = new Date(atSeconds * 1000)
  return date.getHours() === 0 && date.getMinutes() === 0
}

function timeText(atSeconds: number, everySeconds: number, language: Language): string {
  const format: Intl.DateTimeFormatOptions =
    everySeconds >= 24 * hour || isMidnight(atSeconds)
      ? { month: 'short', day: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hour12: false }
  return new Intl.DateTimeFormat(language, format).format(atSeconds * 1000)
}
