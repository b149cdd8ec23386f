// The explorer's rows, newest first; more at the press of a button, new ones by themselves.
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import type { Operation, OperationList } from '../../../../src/admin/operations/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Empty } from '../../components/Empty.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Moment } from '../../components/Moment.tsx'
import { OutcomeBadge } from '../../components/OutcomeBadge.tsx'
import { count } from '../../format/number.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useLanguage } from '../../i18n/language.ts'
import { nameOf, operationWords } from '../../i18n/operationWords.ts'
import { useWords } from '../../i18n/words.ts'
import { OperationCost } from './OperationCost.tsx'
import type { OperationsFilter } from './search.ts'
import { operationsWords } from './words.ts'

export function OperationTable({
  filter,
  onOpen,
}: {
  readonly filter: OperationsFilter
  readonly onOpen: (id: string) => void
}) {
  const words = useWords(operationsWords)
  const common = useWords(commonWords)
  const language = useLanguage()
  const { query, items, first } = useApiList<Operation, OperationList>({
    path: 'operations',
    search: filter,
    live: ['operation'],
  })
  const columns = useColumns(onOpen)
  if (query.isError && items.length === 0) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  }
  if (first === undefined) return <Loading lines={10} />
  if (items.length === 0) {
    const isFiltered = Object.keys(filter).length > 0
    return (
      <Empty title={isFiltered ? words.noMatch : words.empty}>
        {first.notice ?? (isFiltered ? words.noMatchText : words.emptyText)}
      </Empty>
    )
  }
  const counted = count(first.count, language)
  return (
    <Stack gap="xs">
      {first.notice !== null && <Alert color="yellow">{first.notice}</Alert>}
      <Text size="sm" c="dimmed" aria-live="polite">
        {first.isCountCapped ? words.countCapped(counted) : words.count(counted)}
      </Text>
      <DataTable
        label={words.title}
        rows={items}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ id }) => onOpen(id)}
      />
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {common.more}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function useColumns(onOpen: (id: string) => void): readonly Column<Operation>[] {
  const words = useWords(operationsWords)
  const { outcomes, states, modes, reasons } = useWords(operationWords)
  const language = useLanguage()
  return [
    { key: 'when', title: words.when, show: ({ lastAtSeconds }) => <Moment atSeconds={lastAtSeconds} /> },
    {
      key: 'outcome',
      title: words.outcome,
      show: ({ id, outcome, userOperationHash }) => (
        <button
          type="button"
          className="plain"
          aria-label={words.open(outcomes[outcome], userOperationHash ?? id)}
          onClick={() => onOpen(id)}
        >
          <OutcomeBadge outcome={outcome} />
        </button>
      ),
    },
    {
      key: 'result',
      title: words.result,
      show: ({ state, reason, times, succeeded }) => (
        <Text size="sm" component="span">
          {reason === null ? nameOf(states, state) : nameOf(reasons, reason)}
          {succeeded === false && (
            <Text span className="alarm" inherit>
              {' '}
              · {words.failed}
            </Text>
          )}
          {times > 1 && (
            <Text span c="dimmed" inherit>
              {' '}
              · {words.times(count(times, language))}
            </Text>
          )}
        </Text>
      ),
    },
    {
      key: 'sender',
      title: words.sender,
      show: ({ sender }) => (sender === null ? '–' : <Hex value={sender} />),
    },
    {
      key: 'mode',
      title: words.policy,
      show: ({ mode, policyId }) => policyId ?? nameOf(modes, mode),
    },
    {
      key: 'cost',
      title: words.cost,
      isFigure: true,
      show: operation => <OperationCost operation={operation} />,
    },
  ]
}
