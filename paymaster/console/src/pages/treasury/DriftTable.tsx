// What was expected, what the chain says, and the difference to the wei.
import type { ReconciliationRun } from '../../../../src/admin/reconciliation/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { useWords } from '../../i18n/words.ts'
import { Wei } from './Wei.tsx'
import { treasuryWords } from './words.ts'

type Row = {
  readonly name: 'deposit' | 'tips' | 'tanks' | 'tokens' | 'ledger'
  readonly baseWei: string | null
  readonly expectedWei: string
  readonly actualWei: string
  readonly driftWei: string
}

export function DriftTable({ run }: { readonly run: ReconciliationRun }) {
  const words = useWords(treasuryWords).reconciliation
  const rows: Row[] = []
  for (const name of ['deposit', 'tips', 'tanks', 'tokens'] as const) {
    const check = run[name]
    if (check !== null) rows.push({ ...check, name })
  }
  if (run.ledger !== null) {
    const { bookedWei, eventsWei, driftWei } = run.ledger
    rows.push({ name: 'ledger', baseWei: null, expectedWei: bookedWei, actualWei: eventsWei, driftWei })
  }
  if (rows.length === 0) return null
  const columns: readonly Column<Row>[] = [
    { key: 'account', title: words.columns.account, show: ({ name }) => words.rows[name] },
    {
      key: 'base',
      title: words.columns.base,
      isFigure: true,
      show: ({ baseWei }) => (baseWei === null ? '–' : <Wei wei={baseWei} />),
    },
    {
      key: 'expected',
      title: words.columns.expected,
      isFigure: true,
      show: ({ expectedWei }) => <Wei wei={expectedWei} />,
    },
    {
      key: 'actual',
      title: words.columns.actual,
      isFigure: true,
      show: ({ actualWei }) => <Wei wei={actualWei} />,
    },
    {
      key: 'drift',
      title: words.columns.drift,
      isFigure: true,
      show: ({ driftWei }) => <Wei wei={driftWei} isDrift />,
    },
  ]
  return <DataTable label={words.title} rows={rows} columns={columns} keyOf={({ name }) => name} />
}
