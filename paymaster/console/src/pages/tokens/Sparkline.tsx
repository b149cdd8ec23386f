// A price over a day as one line: its shape for the eye, its figures in words for everybody else.
import { useId } from 'react'

const width = 240
const height = 48

export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const id = useId()
  const low = Math.min(...values)
  const high = Math.max(...values)
  const span = high - low || Math.abs(high) || 1
  // A price that stands still is a line in the middle.
  const y = (value: number): number =>
    high === low ? height / 2 : height - 3 - ((value - low) / span) * (height - 6)
  const step = width / Math.max(1, values.length - 1)
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      width="100%"
      height={height}
      role="img"
      aria-labelledby={id}
    >
      <title id={id}>{label}</title>
      <polygon points={`0,${height} ${points} ${width},${height}`} fill="var(--mantine-color-teal-light)" />
      <polyline
        points={points}
        fill="none"
        stroke="var(--mantine-color-teal-6)"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
