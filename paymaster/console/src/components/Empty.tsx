// Nothing is there yet: says why that is so, and what would bring something.
import { Paper, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCircleCheck, IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'

export function Empty({
  title,
  children,
  action,
  isGood = false,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  /** That there is nothing is what one hopes for. */
  readonly isGood?: boolean
}) {
  return (
    <Paper withBorder p="xl" className="empty">
      <Stack align="center" gap="xs">
        <ThemeIcon size="xl" radius="xl" variant="light" color={isGood ? 'teal' : 'gray'}>
          {isGood ? <IconCircleCheck aria-hidden /> : <IconInbox aria-hidden />}
        </ThemeIcon>
        <Text fw={600} ta="center">
          {title}
        </Text>
        {children && (
          <Text size="sm" c="dimmed" ta="center" maw={480} component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  )
}
