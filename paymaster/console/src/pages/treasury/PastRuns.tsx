// Comparisons before the last one, folded away until somebody asks.
import { Badge } from '@mantine/core'
import { useState } from 'react'
import type { ReconciliationRun } from '../../../../src/admin/reconciliation/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { runColors } from './runColors.ts'
import { Wei } from './Wei.tsx'
import { treasuryWords } from './words.ts'

export function PastRuns() {
  const words = useWords(treasuryWords).reconciliation
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary className="unfolds">{words.past}</summary>
      {isOpen && <Runs />}
    </details>
  )
}

function Runs() {
  const words = useWords(treasuryWords).reconciliation
  const language = useLanguage()
  const { query, items } = useApiList<ReconciliationRun>({
    path: 'reconciliation/runs',
    live: ['reconciliation'],
  })
  const columns: readonly Column<ReconciliationRun>[] = [
    {
      key: 'when',
      title: words.when,
      show: ({ startedAtSeconds }) => <Moment atSeconds={startedAtSeconds} />,
    },
    {
      key: 'state',
      title: words.outcome,
      show: ({ state }) => (
        <Badge variant="light" color={runColors[state]} tt="none">
          {words.states[state]}
        </Badge>
      ),
    },
    {
      key: 'block',
      title: words.itemColumns.block,
      isFigure: true,
      show: ({ toBlock }) => (
        <span className="figure">{toBlock === null ? '–' : count(toBlock, language)}</span>
      ),
    },
    {
      key: 'drift',
      title: words.columns.drift,
      isFigure: true,
      show: ({ deposit }) => (deposit === null ? '–' : <Wei wei={deposit.driftWei} isDrift />),
    },
  ]
  return (
    <ListAnswer query={query} isEmpty={items.length === 0} empty={words.never}>
      <DataTable label={words.past} rows={items} columns={columns} keyOf={({ id }) => id} />
    </ListAnswer>
  )
}
