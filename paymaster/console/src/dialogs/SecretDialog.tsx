// A secret, the one time that it is shown: closed only by who says that it is kept, forgotten by the page afterwards.
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconEyeOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'
import { Dialog } from './Dialog.tsx'

export function SecretDialog({
  title,
  text,
  label,
  secret,
  done,
  children,
  onClose,
}: {
  readonly title: string
  readonly text: string
  readonly label: string
  readonly secret: string
  /** Of the button that closes it. */
  readonly done: string
  /** How the secret is used. */
  readonly children?: ReactNode
  readonly onClose: () => void
}) {
  const words = useWords(commonWords)
  return (
    <Dialog
      opened
      title={title}
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <Alert color="yellow" icon={<IconEyeOff aria-hidden />}>
          {text}
        </Alert>
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <Code block className="secret" data-secret>
            {secret}
          </Code>
        </Stack>
        {children}
        <Group justify="flex-end" gap="xs">
          <CopyButton value={secret} timeout={3000}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                onClick={copy}
                data-autofocus
                leftSection={
                  copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                }
              >
                <span aria-live="polite">{copied ? words.copied : words.copy}</span>
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{done}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
