// Sessions: where, since when, and the button that ends one.
import { Badge, Group, Text } from '@mantine/core'
import type { SessionItem } from '../../../../src/admin/session/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { useWords } from '../../i18n/words.ts'
import { browserName } from './browserName.ts'
import { settingsWords } from './words.ts'

export function SessionTable({
  label,
  sessions,
  onEnd,
}: {
  readonly label: string
  readonly sessions: readonly SessionItem[]
  readonly onEnd: (session: SessionItem) => void
}) {
  const words = useWords(settingsWords).you
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
        <RoleButton
          least="viewer"
          size="xs"
          variant="default"
          aria-label={words.endOf(browserName(session.userAgent))}
          onClick={() => onEnd(session)}
        >
          {words.end}
        </RoleButton>
      ),
    },
  ]
  return <DataTable label={label} rows={sessions} columns={columns} keyOf={({ id }) => id} />
}
