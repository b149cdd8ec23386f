// Programs that may come in: made here, bounded, revoked.
import { Stack, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ApiKey, CreatedApiKey } from '../../../../src/admin/apiKeys/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { Empty } from '../../components/Empty.tsx'
import { Page } from '../../components/Page.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { ApiKeyDialog } from './ApiKeyDialog.tsx'
import { ApiKeyTable } from './ApiKeyTable.tsx'
import { CreatedKeyDialog } from './CreatedKeyDialog.tsx'
import { RevokeDialog } from './RevokeDialog.tsx'
import { apiKeyWords } from './words.ts'

type Open =
  | { readonly what: 'create' }
  | { readonly what: 'edit' | 'revoke'; readonly key: ApiKey }
  | { readonly what: 'created'; readonly created: CreatedApiKey }

export function ApiKeysPage() {
  const words = useWords(apiKeyWords)
  const list = useApiList<ApiKey>({ path: 'api-keys', live: ['apiKey'] })
  const [open, setOpen] = useState<Open>()
  const [showsEnded, setShowsEnded] = useState(false)
  const close = () => setOpen(undefined)
  const shown = showsEnded ? list.items : list.items.filter(({ state }) => state === 'active')
  const create = (
    <RoleButton
      least="admin"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setOpen({ what: 'create' })}
    >
      {words.create}
    </RoleButton>
  )
  return (
    <Page title={words.title} description={words.intro} actions={create}>
      <ListAnswer
        query={list.query}
        isEmpty={list.items.length === 0}
        empty={<Empty title={words.empty}>{words.emptyNext}</Empty>}
      >
        <Stack gap="sm">
          <Switch
            label={words.showEnded}
            checked={showsEnded}
            onChange={event => setShowsEnded(event.currentTarget.checked)}
          />
          {shown.length === 0 ? (
            <Empty title={words.noneActive}>{words.emptyNext}</Empty>
          ) : (
            <ApiKeyTable
              keys={shown}
              onEdit={key => setOpen({ what: 'edit', key })}
              onRevoke={key => setOpen({ what: 'revoke', key })}
            />
          )}
        </Stack>
      </ListAnswer>
      {(open?.what === 'create' || open?.what === 'edit') && (
        <ApiKeyDialog
          {...(open.what === 'edit' ? { changed: open.key } : {})}
          onClose={close}
          onCreated={created => setOpen({ what: 'created', created })}
        />
      )}
      {open?.what === 'created' && <CreatedKeyDialog created={open.created} onClose={close} />}
      {open?.what === 'revoke' && <RevokeDialog apiKey={open.key} onClose={close} />}
    </Page>
  )
}
