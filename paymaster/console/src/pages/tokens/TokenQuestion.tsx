// Asks before a token is turned off or removed, or a price that jumped is accepted.
import type { Token, TokenSettings } from '../../../../src/admin/tokens/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { priceText, tokensOfRate } from './figures.ts'
import { tokenWords } from './words.ts'

export function TokenQuestion({
  what,
  token,
  onClose,
}: {
  readonly what: 'disable' | 'accept' | 'remove'
  readonly token: Token
  readonly onClose: () => void
}) {
  const words = useWords(tokenWords)
  const language = useLanguage()
  const disable = useApiChange<unknown, TokenSettings>({
    change: body => ({ path: `tokens/${token.address}`, method: 'PUT', body }),
    touches: ['tokens'],
    onDone: onClose,
  })
  const accept = useApiChange({
    change: () => ({ path: `tokens/${token.address}/accept-price` }),
    touches: ['tokens'],
    done: words.accepting.done,
    onDone: onClose,
  })
  const remove = useApiChange({
    change: () => ({ path: `tokens/${token.address}`, method: 'DELETE' }),
    touches: ['tokens'],
    onDone: onClose,
  })
  if (what === 'remove') {
    return (
      <ConfirmDialog
        title={words.removing.title(token.symbol)}
        confirm={words.removing.confirm}
        isRunning={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={onClose}
      >
        {words.removing.text}
      </ConfirmDialog>
    )
  }
  if (what === 'disable') {
    return (
      <ConfirmDialog
        title={words.disabling.title(token.symbol)}
        confirm={words.disabling.confirm}
        isRunning={disable.isPending}
        onConfirm={() => token.settings !== null && disable.mutate({ ...token.settings, enabled: false })}
        onClose={onClose}
      >
        {words.disabling.text}
      </ConfirmDialog>
    )
  }
  const seen = token.price?.sources[0]?.rate ?? null
  return (
    <ConfirmDialog
      title={words.accepting.title(token.symbol)}
      confirm={words.accepting.confirm}
      isRunning={accept.isPending}
      onConfirm={() => accept.mutate()}
      onClose={onClose}
    >
      {words.accepting.text(
        token.price === null ? '–' : priceText(token.price.tokensPerNative, language),
        seen === null ? '–' : priceText(tokensOfRate(seen, token.decimals), language),
      )}
    </ConfirmDialog>
  )
}
