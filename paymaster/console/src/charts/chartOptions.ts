// How uPlot draws the console's bars: axes in the reader's language, colours of the scheme, no zoom, no clutter.
import uPlot from 'uplot'
import type { Language } from '../i18n/language.ts'
import type { SeriesChartProperties } from './SeriesChart.tsx'

/** Of what is counted, there are no halves. */
const wholeSteps = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map(digit => digit * 10 ** power),
).flat()

export function chartOptions(options: {
  readonly width: number
  readonly height: number
  readonly isDark: boolean
  readonly language: Language
  /** What is shown now: it changes under a chart that stays. */
  readonly shown: () => SeriesChartProperties
}): uPlot.Options {
  const { width, height, isDark, language, shown } = options
  const ink = isDark ? '#a3adb8' : '#5b6570'
  const grid = { stroke: isDark ? '#3a3f46' : '#e6e9ed', width: 1 }
  const axis = { stroke: ink, grid, ticks: { show: false }, font: '12px system-ui, sans-serif' }
  const bars = uPlot.paths.bars?.({ size: [0.72, 36], radius: 0.12 })
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    width,
    height,
    legend: { live: true },
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, splits) => splits.map(at => tick(at, splits, language)) },
      {
        ...axis,
        size: 64,
        ...(shown().isWhole && { incrs: wholeSteps }),
        values: (_, splits) => splits.map(value => shown().format(value)),
      },
    ],
    series: [
      { label: ' ', value: (_, at) => (at === null ? '' : moment.format(at * 1000)) },
      ...shown().series.map(({ name, color }, place) => ({
        label: name,
        fill: color,
        stroke: color,
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
        // Its own value, not the height of the stack.
        value: (_: uPlot, __: number | null, ___: number, index: number | null) =>
          index === null ? '' : shown().format(shown().series[place]?.values[index] ?? 0),
      })),
    ],
  }
}

function tick(atSeconds: number, splits: readonly number[], language: Language): string {
  const isByDay = (splits[1] ?? 0) - (splits[0] ?? 0) >= 86_400
  const date = new Date(atSeconds * 1000)
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0
  const format: Intl.DateTimeFormatOptions =
    isByDay || isMidnight
      ? { month: 'short', day: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hour12: false }
  return new Intl.DateTimeFormat(language, format).format(date)
}
