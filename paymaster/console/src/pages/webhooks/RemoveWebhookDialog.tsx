// Asks before an endpoint is removed: says what is dropped with it.
import type { Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { webhookWords } from './words.ts'

export function RemoveWebhookDialog({
  webhook,
  onClose,
}: {
  readonly webhook: Webhook
  readonly onClose: () => void
}) {
  const words = useWords(webhookWords).removing
  const language = useLanguage()
  const remove = useApiChange({
    change: () => ({ path: `webhooks/${webhook.id}`, method: 'DELETE' }),
    touches: ['webhooks'],
    done: words.done(webhook.name),
    onDone: onClose,
  })
  return (
    <ConfirmDialog
      title={words.title(webhook.name)}
      confirm={words.confirm}
      isRunning={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {words.text(count(webhook.waitingDeliveries, language))}
    </ConfirmDialog>
  )
}
