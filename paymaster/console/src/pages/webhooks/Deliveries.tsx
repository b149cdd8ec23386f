// What was sent to whom and what became of it, newest first; one click away from body and answer.
import { Anchor, Badge, Group, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Delivery, Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { DeliveryDialog } from './DeliveryDialog.tsx'
import { deliveryColors } from './deliveryColors.ts'
import { webhookWords } from './words.ts'

const states = ['waiting', 'delivered', 'givenUp'] as const

export function Deliveries({
  webhooks,
  webhookId,
  onWebhookId,
}: {
  readonly webhooks: readonly Webhook[]
  /** Of one endpoint only. */
  readonly webhookId: string | null
  readonly onWebhookId: (id: string | null) => void
}) {
  const words = useWords(webhookWords)
  const language = useLanguage()
  const [state, setState] = useState<string | null>(null)
  const [opened, setOpened] = useState<string>()
  const { query, items } = useApiList<Delivery>({
    path: 'deliveries',
    search: { webhookId: webhookId ?? undefined, state: state ?? undefined },
    live: ['delivery'],
  })
  const columns: readonly Column<Delivery>[] = [
    {
      key: 'event',
      title: words.columns.event,
      show: ({ id, event }) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          title={words.events[event]}
          onClick={() => setOpened(id)}
        >
          {event}
        </Anchor>
      ),
    },
    {
      key: 'name',
      title: words.columns.name,
      show: delivery => webhooks.find(({ id }) => id === delivery.webhookId)?.name ?? delivery.webhookId,
    },
    {
      key: 'state',
      title: words.columns.state,
      show: ({ state }) => (
        <Badge variant="light" color={deliveryColors[state]} tt="none">
          {words.deliveryStates[state]}
        </Badge>
      ),
    },
    {
      key: 'answer',
      title: words.columns.answer,
      show: ({ lastStatus, lastProblem, attempts }) => (
        <Text size="sm" inherit className="wraps">
          {lastStatus !== null
            ? lastProblem === null
              ? lastStatus
              : words.delivery.refused(lastStatus)
            : attempts === 0
              ? words.delivery.noAttempts
              : words.delivery.unanswered(lastProblem ?? words.delivery.noAnswer)}
        </Text>
      ),
    },
    {
      key: 'attempts',
      title: words.columns.attempts,
      isFigure: true,
      show: ({ attempts }) => count(attempts, language),
    },
    {
      key: 'created',
      title: words.columns.created,
      show: ({ createdAtSeconds }) => <Moment atSeconds={createdAtSeconds} />,
    },
    {
      key: 'next',
      title: words.columns.next,
      show: ({ nextAttemptAtSeconds }) =>
        nextAttemptAtSeconds === null ? '–' : <Moment atSeconds={nextAttemptAtSeconds} />,
    },
  ]
  return (
    <Section title={words.deliveries}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <Select
            label={words.filter.endpoint}
            placeholder={words.filter.everyEndpoint}
            clearable
            data={webhooks.map(({ id, name }) => ({ value: id, label: name }))}
            value={webhookId}
            onChange={onWebhookId}
          />
          <Select
            label={words.filter.state}
            placeholder={words.filter.all}
            clearable
            data={states.map(one => ({ value: one, label: words.deliveryStates[one] }))}
            value={state}
            onChange={setState}
          />
        </Group>
        <ListAnswer
          query={query}
          isEmpty={items.length === 0}
          empty={<Empty title={words.noDeliveries}>{words.noDeliveriesNext}</Empty>}
        >
          <DataTable
            label={words.deliveries}
            rows={items}
            columns={columns}
            keyOf={({ id }) => id}
            onOpen={({ id }) => setOpened(id)}
          />
        </ListAnswer>
      </Stack>
      {opened !== undefined && <DeliveryDialog id={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  )
}
