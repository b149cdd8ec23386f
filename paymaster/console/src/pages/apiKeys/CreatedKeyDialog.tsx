// The new key, the one time that it is shown, and how it is used.
import { Code, Stack, Text } from '@mantine/core'
import type { CreatedApiKey } from '../../../../src/admin/apiKeys/schema.ts'
import { SecretDialog } from '../../dialogs/SecretDialog.tsx'
import { useWords } from '../../i18n/words.ts'
import { apiKeyWords } from './words.ts'

export function CreatedKeyDialog({
  created,
  onClose,
}: {
  readonly created: CreatedApiKey
  readonly onClose: () => void
}) {
  const words = useWords(apiKeyWords).created
  const isForCalls = created.apiKey.use === 'rpc'
  return (
    <SecretDialog
      title={words.title}
      text={words.text(created.apiKey.name)}
      label={words.label}
      secret={created.key}
      done={words.done}
      onClose={onClose}
    >
      <Stack gap={4}>
        <Text size="sm">{isForCalls ? words.howRpc : words.howAdmin}</Text>
        <Code block>
          {isForCalls
            ? `x-api-key: ${shortened}\n${location.origin}/?apikey=${shortened}`
            : `authorization: Bearer ${shortened}`}
        </Code>
      </Stack>
    </SecretDialog>
  )
}

const shortened = 'wlp_…'
