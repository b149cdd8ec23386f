// The keys: what each is for, what bounds it, when it was used.
import { Badge, Group, Stack, Text } from '@mantine/core'
import type { ApiKey } from '../../../../src/admin/apiKeys/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { count } from '../../format/number.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { LimitBadges } from './LimitBadges.tsx'
import { apiKeyWords } from './words.ts'

const stateColors = { active: 'teal', expired: 'gray', revoked: 'red' } as const

export function ApiKeyTable({
  keys,
  onEdit,
  onRevoke,
}: {
  readonly keys: readonly ApiKey[]
  readonly onEdit: (key: ApiKey) => void
  readonly onRevoke: (key: ApiKey) => void
}) {
  const words = useWords(apiKeyWords)
  const { roles } = useWords(commonWords)
  const language = useLanguage()
  const columns: readonly Column<ApiKey>[] = [
    {
      key: 'name',
      title: words.columns.name,
      show: ({ name, createdBy, createdAtSeconds }) => (
        <Stack gap={0}>
          <Text size="sm" fw={600} className="wraps">
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            <Moment atSeconds={createdAtSeconds} /> · {words.by(createdBy)}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'use',
      title: words.columns.use,
      show: ({ use, role }) => (role === null ? words.uses[use] : `${words.uses[use]} · ${roles[role]}`),
    },
    {
      key: 'state',
      title: words.columns.state,
      show: ({ state }) => (
        <Badge variant="light" color={stateColors[state]} tt="none">
          {words.states[state]}
        </Badge>
      ),
    },
    { key: 'limits', title: words.columns.limits, show: ({ limits }) => <LimitBadges limits={limits} /> },
    {
      key: 'callsToday',
      title: words.columns.callsToday,
      isFigure: true,
      show: ({ callsToday }) => count(callsToday, language),
    },
    {
      key: 'lastUsed',
      title: words.columns.lastUsed,
      show: ({ lastUsedAtSeconds }) =>
        lastUsedAtSeconds === null ? words.never : <Moment atSeconds={lastUsedAtSeconds} />,
    },
    {
      key: 'actions',
      title: words.columns.actions,
      show: key =>
        key.state !== 'revoked' && (
          <Group gap="xs" wrap="nowrap">
            <RoleButton
              least="admin"
              size="xs"
              variant="default"
              aria-label={`${words.edit} ${key.name}`}
              onClick={() => onEdit(key)}
            >
              {words.edit}
            </RoleButton>
            <RoleButton
              least="admin"
              size="xs"
              variant="light"
              color="red"
              aria-label={`${words.revoke} ${key.name}`}
              onClick={() => onRevoke(key)}
            >
              {words.revoke}
            </RoleButton>
          </Group>
        ),
    },
  ]
  return <DataTable label={words.title} rows={keys} columns={columns} keyOf={({ id }) => id} />
}
