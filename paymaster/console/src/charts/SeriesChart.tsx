// Stacked bars over time. Eyes get the picture, with the values under the pointer; a screen reader, and whoever wants
// the figures, gets a table of the same.
import 'uplot/dist/uPlot.min.css'
import { Box, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useLanguage } from '../i18n/language.ts'
import { ChartTable } from './ChartTable.tsx'
import { chartOptions } from './chartOptions.ts'
import { stacked } from './stacked.ts'

export type ChartSeries = {
  readonly name: string
  readonly color: string
  readonly values: readonly number[]
}

export type SeriesChartProperties = {
  readonly label: string
  readonly startsAtSeconds: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly format: (value: number) => string
  readonly height?: number
  /** The values are counts. */
  readonly isWhole?: boolean
}

export function SeriesChart(properties: SeriesChartProperties) {
  const { label, startsAtSeconds, series, format, height = 200 } = properties
  const { ref: frame, width } = useElementSize()
  const target = useRef<HTMLDivElement>(null)
  const language = useLanguage()
  const scheme = useComputedColorScheme('light')
  const names = series.map(({ name }) => name).join('\n')
  const chart = useRef<uPlot>(undefined)
  const shown = useRef(properties)
  shown.current = properties

  // A new chart only where its look changes; what the service says anew is put into the one that is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: series are read by the names that they have
  useEffect(() => {
    if (target.current === null || width === 0) return
    const options = chartOptions({
      width,
      height,
      isDark: scheme === 'dark',
      language,
      shown: () => shown.current,
    })
    const made = new uPlot(options, dataOf(shown.current), target.current)
    chart.current = made
    return () => made.destroy()
  }, [width > 0, names, scheme, language, height])
  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height })
  }, [width, height])
  useEffect(() => chart.current?.setData(dataOf({ startsAtSeconds, series })), [startsAtSeconds, series])

  return (
    <Box>
      <Box ref={frame} className="chart" role="img" aria-label={label}>
        <div ref={target} />
      </Box>
      <ChartTable label={label} startsAtSeconds={startsAtSeconds} series={series} format={format} />
    </Box>
  )
}

function dataOf({
  startsAtSeconds,
  series,
}: Pick<SeriesChartProperties, 'startsAtSeconds' | 'series'>): uPlot.AlignedData {
  return [[...startsAtSeconds], ...stacked(series.map(({ values }) => values))]
}
