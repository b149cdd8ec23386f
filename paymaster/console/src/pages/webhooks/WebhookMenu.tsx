// What may be done with one endpoint.
import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useRoleProblem } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { webhookWords } from './words.ts'

export const webhookActions = ['test', 'seeDeliveries', 'edit', 'rotate', 'remove'] as const
export type WebhookAction = (typeof webhookActions)[number]

export function WebhookMenu({
  webhook,
  onChosen,
}: {
  readonly webhook: Webhook
  readonly onChosen: (action: WebhookAction) => void
}) {
  const words = useWords(webhookWords).actions
  const problem = useRoleProblem('operator')
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={words.more(webhook.name)}>
          <ActionIcon variant="default" size="lg" aria-label={words.more(webhook.name)}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {problem !== undefined && <Menu.Label maw={280}>{problem}</Menu.Label>}
        {webhookActions.map(action => (
          <Menu.Item
            key={action}
            {...(action === 'remove' ? { color: 'red' } : {})}
            disabled={problem !== undefined && action !== 'seeDeliveries'}
            onClick={() => onChosen(action)}
          >
            {words[action]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
