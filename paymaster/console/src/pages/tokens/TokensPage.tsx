// What gas can be paid in, at what price, and where that comes from.
import { SimpleGrid } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Token, TokenSettings } from '../../../../src/admin/tokens/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { Empty } from '../../components/Empty.tsx'
import { Page } from '../../components/Page.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import type { TokenAction } from './TokenActions.tsx'
import { TokenCard } from './TokenCard.tsx'
import { TokenDialog } from './TokenDialog.tsx'
import { TokenQuestion } from './TokenQuestion.tsx'
import { WithdrawTokens } from './WithdrawTokens.tsx'
import { tokenWords } from './words.ts'

type Open =
  | { readonly what: 'add' }
  | { readonly what: Exclude<TokenAction, 'enable'>; readonly token: Token }

export function TokensPage() {
  const words = useWords(tokenWords)
  const { query, items } = useApiList<Token>({ path: 'tokens', live: ['price'] })
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const enable = useApiChange<unknown, { readonly address: string; readonly settings: TokenSettings }>({
    change: ({ address, settings }) => ({
      path: `tokens/${address}`,
      method: 'PUT',
      body: { ...settings, enabled: true },
    }),
    touches: ['tokens'],
  })
  const choose = (action: TokenAction, token: Token): void => {
    if (action !== 'enable') setOpen({ what: action, token })
    else if (token.settings !== null) enable.mutate({ address: token.address, settings: token.settings })
  }
  return (
    <Page
      title={words.title}
      description={words.intro}
      actions={
        <RoleButton
          least="operator"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setOpen({ what: 'add' })}
        >
          {words.add}
        </RoleButton>
      }
    >
      <ListAnswer
        query={query}
        isEmpty={items.length === 0}
        empty={<Empty title={words.empty}>{words.emptyNext}</Empty>}
      >
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          {items.map(token => (
            <TokenCard key={token.address} token={token} onChosen={action => choose(action, token)} />
          ))}
        </SimpleGrid>
      </ListAnswer>
      {open?.what === 'add' && <TokenDialog onClose={close} />}
      {open?.what === 'edit' && <TokenDialog changed={open.token} onClose={close} />}
      {(open?.what === 'disable' || open?.what === 'accept' || open?.what === 'remove') && (
        <TokenQuestion what={open.what} token={open.token} onClose={close} />
      )}
      {open?.what === 'withdraw' && <WithdrawTokens token={open.token} onClose={close} />}
    </Page>
  )
}
