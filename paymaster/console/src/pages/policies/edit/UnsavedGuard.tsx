// Who is about to leave with changes that are not saved is asked.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useWords } from '../../../i18n/words.ts'
import { editWords } from './words.ts'

export function UnsavedGuard({ isChanged }: { readonly isChanged: boolean }) {
  const words = useWords(editWords)
  const blocker = useBlocker({
    // Between the sides of one policy nothing is lost.
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  return (
    <Modal opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={words.unsavedTitle}>
      <Stack>
        <Text size="sm">{words.unsavedText}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            {words.leave}
          </Button>
          <Button data-autofocus onClick={() => blocker.reset?.()}>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
