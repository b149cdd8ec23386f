// Asks before a role is changed, a person removed, a sign-in link made; shows where somebody is signed in.
import type { SignInLink, UserItem } from '../../../../src/admin/users/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { PersonSessions } from './PersonSessions.tsx'
import { settingsWords } from './words.ts'

export type PersonQuestion =
  | { readonly what: 'role'; readonly user: UserItem; readonly role: UserItem['role'] }
  | { readonly what: 'remove' | 'link' | 'sessions'; readonly user: UserItem }

const touches = ['users', 'session']

export function PersonDialogs({
  question,
  onClose,
  onLink,
}: {
  readonly question: PersonQuestion
  readonly onClose: () => void
  readonly onLink: (name: string, link: SignInLink) => void
}) {
  const words = useWords(settingsWords).people
  const { roles } = useWords(commonWords)
  const { user } = question
  const changeRole = useApiChange<unknown, UserItem['role']>({
    change: role => ({ path: `users/${user.id}`, method: 'PUT', body: { role } }),
    touches,
    done: words.roleNow,
    onDone: onClose,
  })
  const remove = useApiChange({
    change: () => ({ path: `users/${user.id}`, method: 'DELETE' }),
    touches,
    done: words.removed,
    onDone: onClose,
  })
  const makeLink = useApiChange<SignInLink>({
    change: () => ({ path: `users/${user.id}/sign-in-link`, body: {} }),
    touches: [],
    onDone: link => onLink(user.name, link),
  })
  if (question.what === 'role') {
    return (
      <ConfirmDialog
        title={words.roleTitle(user.name, roles[question.role])}
        confirm={words.roleConfirm}
        isRunning={changeRole.isPending}
        onConfirm={() => changeRole.mutate(question.role)}
        onClose={onClose}
      >
        {words.roleText}
      </ConfirmDialog>
    )
  }
  if (question.what === 'sessions') return <PersonSessions user={user} onClose={onClose} />
  if (question.what === 'link') {
    return (
      <ConfirmDialog
        title={words.linkTitle(user.name)}
        confirm={words.linkConfirm}
        color="teal"
        isRunning={makeLink.isPending}
        onConfirm={() => makeLink.mutate()}
        onClose={onClose}
      >
        {words.linkText}
      </ConfirmDialog>
    )
  }
  return (
    <ConfirmDialog
      title={words.removeTitle(user.name)}
      confirm={words.removeConfirm}
      isRunning={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {words.removeText}
    </ConfirmDialog>
  )
}
