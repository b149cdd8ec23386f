// Shares of a whole as bars, longest first: a list, so that a screen reader reads name and figure.
import { Box, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type Bar = {
  readonly key: string
  readonly name: ReactNode
  readonly value: number
  /** What is written beside it. */
  readonly figure: ReactNode
  readonly color?: string
}

export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(...bars.map(({ value }) => value), 0)
  return (
    <Box component="ul" aria-label={label} className="bars">
      {bars.map(({ key, name, value, figure, color }) => (
        <li key={key}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm" component="span" className="wraps" miw={0}>
              {name}
            </Text>
            <Text size="sm" component="span" className="figure">
              {figure}
            </Text>
          </Group>
          <div className="bar" aria-hidden>
            <div style={{ width: `${most === 0 ? 0 : (100 * value) / most}%`, background: color }} />
          </div>
        </li>
      ))}
    </Box>
  )
}
