// What was sent, by whom, and what became of it.
import { Badge, Stack, Text } from '@mantine/core'
import type { TreasuryTransaction } from '../../../../src/admin/treasury/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { Coin } from '../../components/Coin.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Section } from '../../components/Section.tsx'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { transactionWords } from '../../transactions/words.ts'
import { treasuryWords } from './words.ts'

const colors = {
  queued: 'gray',
  sent: 'yellow',
  mined: 'blue',
  final: 'teal',
  reverted: 'red',
  replaced: 'gray',
  lost: 'red',
  failed: 'red',
} as const

export function History() {
  const words = useWords(treasuryWords)
  const { kinds, states, sentBy } = useWords(transactionWords)
  const { query, items } = useApiList<TreasuryTransaction>({
    path: 'treasury/transactions',
    live: ['treasury', 'block'],
  })
  const columns: readonly Column<TreasuryTransaction>[] = [
    {
      key: 'what',
      title: words.columns.what,
      // What the service did by itself is told by its kind.
      show: ({ kind, description, problem, sentBy: by }) => (
        <Stack gap={0}>
          <Text size="sm" fw={600}>
            {kinds[kind]}
          </Text>
          <Text size="xs" c="dimmed" className="wraps">
            {problem ?? (by === 'automatic' ? '' : description)}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'state',
      title: words.columns.state,
      show: ({ state }) => (
        <Badge variant="light" color={colors[state]} tt="none">
          {states[state]}
        </Badge>
      ),
    },
    {
      key: 'amount',
      title: words.columns.amount,
      isFigure: true,
      show: ({ valueWei }) => (valueWei === '0' ? '–' : <Coin wei={valueWei} />),
    },
    {
      key: 'by',
      title: words.columns.by,
      show: ({ sentBy: by, actorName }) => (actorName === null ? sentBy[by] : `${sentBy[by]} · ${actorName}`),
    },
    {
      key: 'transaction',
      title: words.columns.transaction,
      show: ({ hash }) => (hash === null ? '–' : <Hex value={hash} />),
    },
    {
      key: 'when',
      title: words.columns.when,
      show: ({ createdAtSeconds }) => <Moment atSeconds={createdAtSeconds} />,
    },
  ]
  return (
    <Section title={words.history}>
      <ListAnswer
        query={query}
        isEmpty={items.length === 0}
        empty={<Empty title={words.noHistory}>{words.noHistoryNext}</Empty>}
      >
        <DataTable label={words.history} rows={items} columns={columns} keyOf={({ id }) => id} />
      </ListAnswer>
    </Section>
  )
}
