// Asks before something that cannot be undone: says what will happen, and is stopped by doing nothing.
import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'
import { Dialog } from './Dialog.tsx'

export function ConfirmDialog({
  title,
  children,
  confirm,
  color = 'red',
  isRunning,
  onConfirm,
  onClose,
}: {
  readonly title: string
  readonly children: ReactNode
  /** What the button does, as a verb: never “OK”. */
  readonly confirm: string
  readonly color?: string
  readonly isRunning: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}) {
  const words = useWords(commonWords)
  return (
    <Dialog opened onClose={onClose} title={title} size="md">
      <Stack gap="md">
        <Text size="sm" component="div">
          {children}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.cancel}
          </Button>
          <Button color={color} loading={isRunning} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
