// Stacked bars over time. Eyes get the picture, with the values under the pointer; a screen reader, and whoever wants
// the figures, gets a table of the same.
import { Box } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useMemo, useState } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { ChartTable } from './ChartTable.tsx'
import { type ChartLayout, layOutChart } from './layOutChart.ts'

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
  const { label, startsAtSeconds, series, format, height = 200, isWhole = false } = properties
  const { ref: frame, width } = useElementSize()
  const language = useLanguage()
  const [pointed, setPointed] = useState<number>()
  const layout = useMemo(() => {
    const values = series.map(one => one.values)
    return layOutChart({ width, height, startsAtSeconds, values, isWhole, language })
  }, [width, height, startsAtSeconds, series, isWhole, language])

  function follow(event: PointerEvent<SVGSVGElement>): void {
    const { plot, stepWidth } = layout
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - plot.left
    setPointed(x < 0 || x >= plot.width ? undefined : Math.floor(x / stepWidth))
  }

  return (
    <Box>
      <Box ref={frame} className="chart" role="img" aria-label={label}>
        {width > 0 && (
          <svg
            aria-hidden="true"
            width={width}
            height={height}
            onPointerMove={follow}
            onPointerLeave={() => setPointed(undefined)}
          >
            <Axes layout={layout} format={format} />
            {pointed !== undefined && pointed < startsAtSeconds.length && (
              <rect
                className="pointed"
                x={layout.plot.left + pointed * layout.stepWidth}
                y={layout.plot.top}
                width={layout.stepWidth}
                height={layout.plot.height}
              />
            )}
            {series.map(({ name, color }, place) => (
              <g key={name} fill={color}>
                {layout.bars[place]?.map(
                  ({ x, y, height }, index) =>
                    height > 0 && (
                      <rect
                        key={startsAtSeconds[index]}
                        {...{ x, y, height, width: layout.barWidth, rx: Math.min(2, height) }}
                      />
                    ),
                )}
              </g>
            ))}
          </svg>
        )}
        <Legend series={series} startsAtSeconds={startsAtSeconds} format={format} pointed={pointed} />
      </Box>
      <ChartTable label={label} startsAtSeconds={startsAtSeconds} series={series} format={format} />
    </Box>
  )
}

function Axes({
  layout,
  format,
}: {
  readonly layout: ChartLayout
  readonly format: (value: number) => string
}) {
  const { plot, valueTicks, timeTicks } = layout
  return (
    <>
      {valueTicks.map(({ at, value }) => (
        <g key={value}>
          <line x1={plot.left} x2={plot.left + plot.width} y1={at} y2={at} />
          <text x={plot.left - 8} y={at} dy="0.35em" textAnchor="end">
            {format(value)}
          </text>
        </g>
      ))}
      {timeTicks.map(({ at, value }) => (
        <text key={at} x={at} y={plot.top + plot.height + 17} textAnchor="middle">
          {value}
        </text>
      ))}
    </>
  )
}

/** Its own value of each series under the pointer, not the height of the stack. */
function Legend({
  series,
  startsAtSeconds,
  format,
  pointed,
}: Pick<SeriesChartProperties, 'series' | 'startsAtSeconds' | 'format'> & {
  readonly pointed: number | undefined
}) {
  const moment = new Intl.DateTimeFormat(useLanguage(), { dateStyle: 'medium', timeStyle: 'short' })
  const at = pointed === undefined ? undefined : startsAtSeconds[pointed]
  return (
    <div className="legend">
      <span className="moment">{at === undefined ? '' : moment.format(at * 1000)}</span>
      {series.map(({ name, color, values }) => (
        <span key={name}>
          <i style={{ background: color }} />
          {name} <b>{pointed === undefined ? '' : format(values[pointed] ?? 0)}</b>
        </span>
      ))}
    </div>
  )
}
