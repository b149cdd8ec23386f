// When alerts open and close.
import { Badge, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { AlertThreshold, AlertThresholdList } from '../../../../src/admin/alerts/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { measureIn } from '../../i18n/alertTexts.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { figureText } from './figure.ts'
import { ThresholdDialog } from './ThresholdDialog.tsx'
import { alertWords } from './words.ts'

export function Thresholds() {
  const words = useWords(alertWords)
  const language = useLanguage()
  const query = useApiQuery<AlertThresholdList>({ path: 'alert-thresholds', live: ['alert'] })
  const [edited, setEdited] = useState<AlertThreshold>()
  const columns: readonly Column<AlertThreshold>[] = [
    {
      key: 'alert',
      title: words.columns.alert,
      show: ({ kind, describe }) => (
        <Stack gap={0}>
          <Text size="sm" fw={600}>
            {words.kinds[kind]}
          </Text>
          <Text size="xs" c="dimmed">
            {measureIn(language, kind) ?? describe}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'enabled',
      title: words.columns.enabled,
      show: ({ isEnabled }) => (
        <Badge variant="light" color={isEnabled ? 'teal' : 'gray'} tt="none">
          {isEnabled ? words.on : words.off}
        </Badge>
      ),
    },
    {
      key: 'opens',
      title: words.columns.opens,
      show: ({ openAt, unit, opens, isDefault }) => (
        <Group gap={6}>
          <span>{words[opens](figureText(openAt, unit, language))}</span>
          {isDefault && (
            <Text size="xs" c="dimmed" component="span">
              {words.defaultMark}
            </Text>
          )}
        </Group>
      ),
    },
    {
      key: 'closes',
      title: words.columns.closes,
      show: ({ closeAt, unit, opens }) =>
        words[opens === 'below' ? 'above' : 'below'](figureText(closeAt, unit, language)),
    },
    {
      key: 'actions',
      title: words.columns.actions,
      show: threshold => (
        <RoleButton
          least="operator"
          size="xs"
          variant="default"
          aria-label={words.editOf(words.kinds[threshold.kind])}
          onClick={() => setEdited(threshold)}
        >
          {words.edit}
        </RoleButton>
      ),
    },
  ]
  return (
    <Answer query={query}>
      {({ items }) => (
        <>
          <DataTable label={words.thresholds} rows={items} columns={columns} keyOf={({ kind }) => kind} />
          {edited !== undefined && (
            <ThresholdDialog threshold={edited} onClose={() => setEdited(undefined)} />
          )}
        </>
      )}
    </Answer>
  )
}
