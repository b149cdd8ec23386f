// Has the service read its key file anew.
import { notifications } from '@mantine/notifications'
import { useApiChange } from '../../api/useApiChange.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { signerWords } from './words.ts'

type Reloaded = { readonly added: readonly string[]; readonly removed: readonly string[] }

export function ReloadKeysButton() {
  const words = useWords(signerWords)
  const language = useLanguage()
  const reload = useApiChange<Reloaded>({
    change: () => ({ path: 'signers/reload' }),
    touches: ['signers'],
    onDone: ({ added, removed }) =>
      notifications.show({
        message: words.reloaded(count(added.length, language), count(removed.length, language)),
      }),
  })
  return (
    <RoleButton least="admin" variant="default" loading={reload.isPending} onClick={() => reload.mutate()}>
      {words.reload}
    </RoleButton>
  )
}
