// The endpoints: where they are, what they hear, how they do.
import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { type WebhookAction, WebhookMenu } from './WebhookMenu.tsx'
import { WebhookState } from './WebhookState.tsx'
import { webhookWords } from './words.ts'

export function WebhookTable({
  webhooks,
  onChosen,
}: {
  readonly webhooks: readonly Webhook[]
  readonly onChosen: (action: WebhookAction, webhook: Webhook) => void
}) {
  const words = useWords(webhookWords)
  const language = useLanguage()
  const columns: readonly Column<Webhook>[] = [
    {
      key: 'name',
      title: words.columns.name,
      show: ({ name, url }) => (
        <Stack gap={0} miw={0}>
          <Text size="sm" fw={600} className="wraps">
            {name}
          </Text>
          <Text size="xs" c="dimmed" className="wraps">
            {url}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'events',
      title: words.columns.events,
      show: ({ events, format }) => (
        <Group gap={4}>
          {events.map(event => (
            <Badge key={event} variant="default" tt="none" fw={500} title={words.events[event]}>
              {event}
            </Badge>
          ))}
          {format !== 'standard' && (
            <Badge variant="light" color="grape" tt="capitalize" fw={500}>
              {format}
            </Badge>
          )}
        </Group>
      ),
    },
    { key: 'state', title: words.columns.state, show: webhook => <WebhookState webhook={webhook} /> },
    {
      key: 'waiting',
      title: words.columns.waiting,
      isFigure: true,
      show: ({ waitingDeliveries }) => count(waitingDeliveries, language),
    },
    {
      key: 'givenUp',
      title: words.columns.givenUp,
      isFigure: true,
      show: ({ givenUpDeliveries }) => count(givenUpDeliveries, language),
    },
    {
      key: 'lastDelivered',
      title: words.columns.lastDelivered,
      show: ({ lastDeliveredAtSeconds }) =>
        lastDeliveredAtSeconds === null ? words.never : <Moment atSeconds={lastDeliveredAtSeconds} />,
    },
    {
      key: 'actions',
      title: words.columns.actions,
      show: webhook => <WebhookMenu webhook={webhook} onChosen={action => onChosen(action, webhook)} />,
    },
  ]
  return <DataTable label={words.endpoints} rows={webhooks} columns={columns} keyOf={({ id }) => id} />
}
