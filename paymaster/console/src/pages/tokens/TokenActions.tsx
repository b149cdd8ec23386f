// What may be done with a token.
import { Group } from '@mantine/core'
import type { Token } from '../../../../src/admin/tokens/schema.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { useWords } from '../../i18n/words.ts'
import { tokenWords } from './words.ts'

export type TokenAction = 'edit' | 'disable' | 'enable' | 'accept' | 'withdraw' | 'remove'

export function TokenActions({
  token,
  onChosen,
}: {
  readonly token: Token
  readonly onChosen: (action: TokenAction) => void
}) {
  const words = useWords(tokenWords)
  const hasRevenue = token.revenue !== null && token.revenue !== '0'
  const actions: readonly TokenAction[] = [
    ...(token.problem?.code === 'priceDeviates' ? (['accept'] as const) : []),
    'edit',
    token.enabled ? 'disable' : 'enable',
    ...(hasRevenue ? (['withdraw'] as const) : []),
    'remove',
  ]
  return (
    <Group gap="xs">
      {actions.map(action => (
        <RoleButton
          key={action}
          least={action === 'withdraw' ? 'admin' : 'operator'}
          size="xs"
          variant={action === 'accept' ? 'filled' : 'default'}
          aria-label={words.actionOf(words[action], token.symbol)}
          onClick={() => onChosen(action)}
        >
          {words[action]}
        </RoleButton>
      ))}
    </Group>
  )
}
