// A new secret for an endpoint: how long the old one signs as well is the question.
import { Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { CreatedWebhook, Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { useWords } from '../../i18n/words.ts'
import { webhookWords } from './words.ts'

const overlapSeconds = { day: 86_400, hour: 3_600, week: 604_800, now: 0 } as const
type Overlap = keyof typeof overlapSeconds

export function RotateSecretDialog({
  webhook,
  onClose,
  onRotated,
}: {
  readonly webhook: Webhook
  readonly onClose: () => void
  readonly onRotated: (created: CreatedWebhook) => void
}) {
  const words = useWords(webhookWords).rotating
  const [overlap, setOverlap] = useState<Overlap>('day')
  const rotate = useApiChange<CreatedWebhook>({
    change: () => ({
      path: `webhooks/${webhook.id}/rotate-secret`,
      body: { overlapSeconds: overlapSeconds[overlap] },
    }),
    touches: ['webhooks'],
    onDone: onRotated,
  })
  return (
    <ConfirmDialog
      title={words.title(webhook.name)}
      confirm={words.confirm}
      color="teal"
      isRunning={rotate.isPending}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text size="sm">{words.text}</Text>
        <Radio.Group label={words.overlap} value={overlap} onChange={value => setOverlap(value as Overlap)}>
          <Stack gap="xs" mt="xs">
            {(Object.keys(overlapSeconds) as Overlap[]).map(one => (
              <Radio key={one} value={one} label={words.overlaps[one]} />
            ))}
          </Stack>
        </Radio.Group>
      </Stack>
    </ConfirmDialog>
  )
}
