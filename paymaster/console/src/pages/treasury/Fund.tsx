// One sum on a card: its name, how much, what it is for.
import { Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export function Fund({
  name,
  value,
  hint,
  note,
  children,
}: {
  readonly name: string
  readonly value: ReactNode
  readonly hint?: string | undefined
  readonly note?: string | undefined
  readonly children?: ReactNode
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap={2}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
        <Text size="xl" fw={650} component="div">
          {value}
        </Text>
        {hint !== undefined && (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        )}
        {note !== undefined && <Text size="xs">{note}</Text>}
        {children}
      </Stack>
    </Paper>
  )
}
