// Adds an endpoint, or changes one.
import { Alert, Button, Checkbox, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreatedWebhook, NewWebhook, Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { webhookWords } from './words.ts'

const events = ['sponsorship.requested', 'sponsorship.finalized', 'alert.opened', 'alert.closed'] as const
const formats = ['standard', 'slack', 'discord'] as const

export function WebhookDialog({
  changed,
  onClose,
  onCreated,
}: {
  /** Absent for a new one. */
  readonly changed?: Webhook
  readonly onClose: () => void
  readonly onCreated: (created: CreatedWebhook) => void
}) {
  const words = useWords(webhookWords)
  const common = useWords(commonWords)
  const form = useForm<NewWebhook>({ initialValues: valuesOf(changed) })
  const save = useApiChange<CreatedWebhook, NewWebhook>({
    change: body =>
      changed === undefined
        ? { path: 'webhooks', body }
        : { path: `webhooks/${changed.id}`, method: 'PUT', body },
    touches: ['webhooks'],
    showsError: true,
    ...(changed === undefined ? {} : { done: words.saved }),
    onDone: answer => (changed === undefined ? onCreated(answer) : onClose()),
  })
  const errors = useFieldErrors(save.error, ['name', 'url', 'format', 'events'])
  const title = changed === undefined ? words.form.createTitle : words.form.editTitle(changed.name)
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
        <Stack gap="md">
          <TextInput
            label={words.form.name}
            required
            maxLength={64}
            data-autofocus
            {...form.getInputProps('name')}
            error={errors.of('name')}
          />
          <TextInput
            label={words.form.url}
            description={words.form.urlHint}
            type="url"
            required
            {...form.getInputProps('url')}
            error={errors.of('url')}
          />
          <Select
            label={words.form.format}
            allowDeselect={false}
            data={formats.map(format => ({ value: format, label: words.formats[format] }))}
            {...form.getInputProps('format')}
            error={errors.of('format')}
          />
          <Checkbox.Group
            label={words.form.events}
            required
            {...form.getInputProps('events')}
            error={errors.of('events')}
          >
            <Stack gap="xs" mt="xs">
              {events.map(event => (
                <Checkbox key={event} value={event} label={words.events[event]} description={event} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Switch
            label={words.form.enabled}
            description={words.form.enabledHint}
            {...form.getInputProps('isEnabled', { type: 'checkbox' })}
          />
          {errors.rest !== undefined && (
            <Alert color="red" role="alert">
              {errors.rest}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {changed === undefined ? words.form.create : common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function valuesOf(webhook: Webhook | undefined): NewWebhook {
  return {
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    format: webhook?.format ?? 'standard',
    events: webhook?.events ?? ['sponsorship.finalized', 'alert.opened', 'alert.closed'],
    isEnabled: webhook?.isEnabled ?? true,
  }
}
