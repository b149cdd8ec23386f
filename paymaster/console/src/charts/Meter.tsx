// How much of a limit is used, and how much more is promised: one bar in two tones, said in words below and to a reader.
import { Group, Progress, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type MeterPart = { readonly percent: number; readonly color: string; readonly label: string }

export function Meter({
  label,
  parts,
  left,
  right,
}: {
  readonly label: string
  readonly parts: readonly MeterPart[]
  readonly left: ReactNode
  readonly right: ReactNode
}) {
  return (
    <div>
      <Progress.Root size="lg" className="meter">
        {parts.map(({ percent, color, label: part }) => (
          <Progress.Section key={part} value={percent} color={color} aria-label={`${label}: ${part}`} />
        ))}
      </Progress.Root>
      <Group justify="space-between" gap="xs" mt={4}>
        <Text size="sm" component="span">
          {left}
        </Text>
        <Text size="sm" c="dimmed" component="span">
          {right}
        </Text>
      </Group>
    </div>
  )
}
