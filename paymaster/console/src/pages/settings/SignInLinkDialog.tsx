// A sign-in link, the one time that it is shown.
import { Text } from '@mantine/core'
import type { SignInLink } from '../../../../src/admin/users/schema.ts'
import { SecretDialog } from '../../dialogs/SecretDialog.tsx'
import { exactTime } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { settingsWords } from './words.ts'

export function SignInLinkDialog({
  name,
  link,
  onClose,
}: {
  readonly name: string
  readonly link: SignInLink
  readonly onClose: () => void
}) {
  const words = useWords(settingsWords).people
  const language = useLanguage()
  return (
    <SecretDialog
      title={words.linkCopyTitle}
      text={words.linkCopyText(name)}
      label={words.linkLabel}
      secret={link.url}
      done={words.linkDone}
      onClose={onClose}
    >
      <Text size="sm">{words.linkUntil(exactTime(link.expiresAtSeconds, language))}</Text>
    </SecretDialog>
  )
}
