// Where somebody is signed in, for an admin who ends what should not be.
import type { SessionItem } from '../../../../src/admin/session/schema.ts'
import type { UserItem } from '../../../../src/admin/users/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useWords } from '../../i18n/words.ts'
import { Nothing } from '../../lists/Nothing.tsx'
import { SessionTable } from './SessionTable.tsx'
import { settingsWords } from './words.ts'

export function PersonSessions({ user, onClose }: { readonly user: UserItem; readonly onClose: () => void }) {
  const { people: words, you } = useWords(settingsWords)
  const path = `users/${user.id}/sessions`
  const query = useApiQuery<{ readonly items: readonly SessionItem[] }>({ path, live: ['session'] })
  const end = useApiChange<unknown, SessionItem>({
    change: ({ id }) => ({ path: `${path}/${id}`, method: 'DELETE' }),
    touches: ['users', 'session'],
    done: you.ended,
  })
  const title = words.sessionsOf(user.name)
  return (
    <Dialog opened onClose={onClose} title={title} size="xl">
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={words.noSessions}>{words.noSessionsNext}</Nothing>
          ) : (
            <SessionTable label={title} sessions={items} onEnd={end.mutate} />
          )
        }
      </Answer>
    </Dialog>
  )
}
