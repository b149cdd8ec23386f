// Asks before a key is revoked: says who would notice.
import { Stack, Text } from '@mantine/core'
import type { ApiKey } from '../../../../src/admin/apiKeys/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { useNowSeconds } from '../../components/useNowSeconds.ts'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { relativeTime } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { apiKeyWords } from './words.ts'

export function RevokeDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const words = useWords(apiKeyWords).revoking
  const language = useLanguage()
  const nowSeconds = useNowSeconds()
  const revoke = useApiChange({
    change: () => ({ path: `api-keys/${apiKey.id}/revoke` }),
    touches: ['api-keys'],
    done: words.done(apiKey.name),
    onDone: onClose,
  })
  // The list may be older than its last use, of which nobody tells.
  const { lastUsedAtSeconds } =
    useApiQuery<ApiKey>({ path: `api-keys/${apiKey.id}`, live: ['apiKey'] }).data ?? apiKey
  return (
    <ConfirmDialog
      title={words.title(apiKey.name)}
      confirm={words.confirm}
      isRunning={revoke.isPending}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text size="sm">{words.text}</Text>
        <Text size="sm" fw={600}>
          {lastUsedAtSeconds === null
            ? words.neverUsed
            : words.usedLately(relativeTime(lastUsedAtSeconds, nowSeconds, language))}
        </Text>
      </Stack>
    </ConfirmDialog>
  )
}
