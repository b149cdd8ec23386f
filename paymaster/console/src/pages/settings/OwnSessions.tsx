// Where one is signed in; what one does not know is ended.
import { Badge, Button, Group, Text } from '@mantine/core'
import type { SessionItem } from '../../../../src/admin/session/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Section } from '../../components/Section.tsx'
import { useWords } from '../../i18n/words.ts'
import { browserName } from './browserName.ts'
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
  const columns: readonly Column<SessionItem>[] = [
    {
      key: 'where',
      title: words.columns.where,
      show: ({ userAgent, isThisOne }) => (
        <Group gap={6} component="span" display="inline-flex">
          <Text size="sm" component="span" title={userAgent}>
            {browserName(userAgent)}
          </Text>
          {isThisOne && (
            <Badge size="sm" variant="light" tt="none">
              {words.thisOne}
            </Badge>
          )}
        </Group>
      ),
    },
    { key: 'from', title: words.columns.from, show: ({ caller }) => caller },
    { key: 'by', title: words.columns.by, show: ({ signedInBy }) => words.by[signedInBy] },
    {
      key: 'seen',
      title: words.columns.seen,
      show: ({ lastSeenAtSeconds }) => <Moment atSeconds={lastSeenAtSeconds} />,
    },
    {
      key: 'ends',
      title: words.columns.ends,
      show: ({ expiresAtSeconds }) => <Moment atSeconds={expiresAtSeconds} />,
    },
    {
      key: 'actions',
      title: words.columns.actions,
      show: session => (
        <Button
          size="xs"
          variant="default"
          aria-label={words.endOf(browserName(session.userAgent))}
          onClick={() => end.mutate(session)}
        >
          {words.end}
        </Button>
      ),
    },
  ]
  return (
    <Section title={words.sessions} description={words.sessionsText}>
      <Answer query={query}>
        {({ items }) => (
          <DataTable label={words.sessions} rows={items} columns={columns} keyOf={({ id }) => id} />
        )}
      </Answer>
    </Section>
  )
}
