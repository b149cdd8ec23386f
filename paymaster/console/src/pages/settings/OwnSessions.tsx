// Where one is signed in; what one does not know is ended.
import type { SessionItem } from '../../../../src/admin/session/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Section } from '../../components/Section.tsx'
import { useWords } from '../../i18n/words.ts'
import { SessionTable } from './SessionTable.tsx'
import { settingsWords } from './words.ts'

export function OwnSessions() {
  const words = useWords(settingsWords).you
  const query = useApiQuery<{ readonly items: readonly SessionItem[] }>({
    path: 'session/all',
    live: ['session'],
  })
  const end = useApiChange<unknown, SessionItem>({
    change: ({ id }) => ({ path: `session/all/${id}`, method: 'DELETE' }),
    touches: ['session', 'users'],
    done: words.ended,
  })
  return (
    <Section title={words.sessions} description={words.sessionsText}>
      <Answer query={query}>
        {({ items }) => <SessionTable label={words.sessions} sessions={items} onEnd={end.mutate} />}
      </Answer>
    </Section>
  )
}
