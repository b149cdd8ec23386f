// Who did what, and when.
import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { AuditItem } from '../../../../src/admin/audit/schema.ts'
import { apiUrl } from '../../api/request.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Page } from '../../components/Page.tsx'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { AuditChain } from './AuditChain.tsx'
import { AuditDetail } from './AuditDetail.tsx'
import { AuditFilterForm } from './AuditFilterForm.tsx'
import { noFilter, searchOf } from './filter.ts'
import { auditWords } from './words.ts'

export function AuditPage() {
  const words = useWords(auditWords)
  const { roles } = useWords(commonWords)
  const [filter, setFilter] = useState(noFilter)
  const [settled] = useDebouncedValue(filter, 250)
  const [opened, setOpened] = useState<AuditItem>()
  const search = searchOf(settled)
  const isFiltered = Object.values(search).some(value => value !== undefined)
  const { query, items } = useApiList<AuditItem>({ path: 'audit', search, live: ['audit'] })
  const columns: readonly Column<AuditItem>[] = [
    {
      key: 'action',
      title: words.columns.what,
      show: item => (
        <Anchor component="button" type="button" size="sm" onClick={() => setOpened(item)}>
          {item.action}
        </Anchor>
      ),
    },
    {
      key: 'subject',
      title: words.columns.subject,
      show: ({ subject }) => (
        <Text size="sm" inherit className="wraps">
          {subject ?? '–'}
        </Text>
      ),
    },
    {
      key: 'who',
      title: words.columns.who,
      show: ({ actorName, actorRole }) => (
        <span>
          {actorName}{' '}
          <Text size="xs" c="dimmed" component="span">
            {roles[actorRole]}
          </Text>
        </span>
      ),
    },
    { key: 'when', title: words.columns.when, show: ({ atSeconds }) => <Moment atSeconds={atSeconds} /> },
  ]
  return (
    <Page
      title={words.title}
      description={words.intro}
      actions={
        <Button
          component="a"
          href={apiUrl('audit.csv', search)}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {words.csv}
        </Button>
      }
    >
      <Stack gap="md">
        <AuditChain />
        <AuditFilterForm values={filter} onChange={setFilter} />
        <ListAnswer
          query={query}
          isEmpty={items.length === 0}
          empty={
            isFiltered ? (
              <Empty title={words.noneMatch}>{words.noneMatchNext}</Empty>
            ) : (
              <Empty title={words.empty}>{words.emptyNext}</Empty>
            )
          }
        >
          <DataTable
            label={words.title}
            rows={items}
            columns={columns}
            keyOf={({ id }) => String(id)}
            onOpen={setOpened}
          />
        </ListAnswer>
      </Stack>
      {opened !== undefined && <AuditDetail item={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}
