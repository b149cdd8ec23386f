// One delivery: what is sent, what the endpoint answered each time, and the button that sends it again.
import { Badge, Code, Group, Stack, Text, Title } from '@mantine/core'
import type { DeliveryDetail } from '../../../../src/admin/webhooks/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Hex } from '../../components/Hex.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useWords } from '../../i18n/words.ts'
import { AttemptLog } from './AttemptLog.tsx'
import { deliveryColors } from './deliveryColors.ts'
import { webhookWords } from './words.ts'

export function DeliveryDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords(webhookWords)
  const query = useApiQuery<DeliveryDetail>({ path: `deliveries/${id}`, live: ['delivery'] })
  const retry = useApiChange({
    change: () => ({ path: `deliveries/${id}/retry` }),
    touches: ['deliveries', 'webhooks'],
    done: words.delivery.retried,
  })
  return (
    <Dialog opened onClose={onClose} title={words.delivery.title} size="xl">
      <Answer query={query}>
        {delivery => (
          <Stack gap="md">
            <Group justify="space-between" gap="xs">
              <Group gap="xs">
                <Text fw={600}>{delivery.event}</Text>
                <Badge variant="light" color={deliveryColors[delivery.state]} tt="none">
                  {words.deliveryStates[delivery.state]}
                </Badge>
              </Group>
              <RoleButton least="operator" size="xs" loading={retry.isPending} onClick={() => retry.mutate()}>
                {words.delivery.retry}
              </RoleButton>
            </Group>
            <Stack gap={0}>
              <Text size="sm" className="wraps">
                {delivery.url}
              </Text>
              <Text size="sm" c="dimmed" title={words.delivery.messageHint} component="div">
                {words.delivery.message}: <Hex value={delivery.messageId} isWhole />
              </Text>
            </Stack>
            {delivery.state !== 'delivered' && (
              <Text size="sm">
                {delivery.state === 'waiting' ? words.delivery.inTime : words.delivery.gaveUp}
              </Text>
            )}
            <Stack gap={4}>
              <Title order={3} size="h5">
                {words.delivery.body}
              </Title>
              <Code block className="wraps" tabIndex={0}>
                {readable(delivery.body)}
              </Code>
            </Stack>
            <AttemptLog attempts={delivery.attemptLog} />
          </Stack>
        )}
      </Answer>
    </Dialog>
  )
}

/** It is sent without white space; people want some. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}
