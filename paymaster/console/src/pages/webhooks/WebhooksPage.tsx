// Whom the paymaster tells what, and what became of it.
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { CreatedWebhook, Webhook } from '../../../../src/admin/webhooks/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { Empty } from '../../components/Empty.tsx'
import { Page } from '../../components/Page.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { SecretDialog } from '../../dialogs/SecretDialog.tsx'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { Deliveries } from './Deliveries.tsx'
import { RemoveWebhookDialog } from './RemoveWebhookDialog.tsx'
import { RotateSecretDialog } from './RotateSecretDialog.tsx'
import { WebhookDialog } from './WebhookDialog.tsx'
import type { WebhookAction } from './WebhookMenu.tsx'
import { WebhookTable } from './WebhookTable.tsx'
import { webhookWords } from './words.ts'

type Open =
  | { readonly what: 'create' }
  | { readonly what: 'edit' | 'rotate' | 'remove'; readonly webhook: Webhook }
  | { readonly what: 'secret'; readonly created: CreatedWebhook }

export function WebhooksPage() {
  const words = useWords(webhookWords)
  const { query, items } = useApiList<Webhook>({ path: 'webhooks', live: ['webhook', 'delivery'] })
  const [open, setOpen] = useState<Open>()
  const [shownWebhookId, setShownWebhookId] = useState<string | null>(null)
  const close = () => setOpen(undefined)
  const showSecret = (created: CreatedWebhook) => setOpen({ what: 'secret', created })
  const test = useApiChange<unknown, Webhook>({
    change: ({ id }) => ({ path: `webhooks/${id}/test` }),
    touches: ['webhooks', 'deliveries'],
    done: words.testSent,
  })
  const choose = (action: WebhookAction, webhook: Webhook): void => {
    if (action === 'test') test.mutate(webhook)
    else if (action === 'seeDeliveries') setShownWebhookId(webhook.id)
    else setOpen({ what: action, webhook })
  }
  return (
    <Page
      title={words.title}
      description={words.intro}
      actions={
        <RoleButton
          least="operator"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setOpen({ what: 'create' })}
        >
          {words.create}
        </RoleButton>
      }
    >
      <Section title={words.endpoints}>
        <ListAnswer
          query={query}
          isEmpty={items.length === 0}
          empty={<Empty title={words.empty}>{words.emptyNext}</Empty>}
        >
          <WebhookTable webhooks={items} onChosen={choose} />
        </ListAnswer>
      </Section>
      <Deliveries webhooks={items} webhookId={shownWebhookId} onWebhookId={setShownWebhookId} />
      {(open?.what === 'create' || open?.what === 'edit') && (
        <WebhookDialog
          {...(open.what === 'edit' ? { changed: open.webhook } : {})}
          onClose={close}
          onCreated={showSecret}
        />
      )}
      {open?.what === 'rotate' && (
        <RotateSecretDialog webhook={open.webhook} onClose={close} onRotated={showSecret} />
      )}
      {open?.what === 'remove' && <RemoveWebhookDialog webhook={open.webhook} onClose={close} />}
      {open?.what === 'secret' && (
        <SecretDialog
          title={words.secret.title}
          text={words.secret.text(open.created.webhook.name)}
          label={words.secret.label}
          secret={open.created.secret}
          done={words.secret.done}
          onClose={close}
        />
      )}
    </Page>
  )
}
