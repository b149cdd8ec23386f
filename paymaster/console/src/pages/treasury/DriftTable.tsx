// What was expected, what the chain says, and the difference to the wei.
import type { ReconciliationRun } from '../../../../src/admin/reconciliation/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { useWords } from '../../i18n/words.ts'
import { Wei } from './Wei.tsx'
import { treasuryWords } from './words.ts'

type Row = {
  readonly key: string
  readonly name: string
  /** Of another token; of the coin without. */
  readonly decimals?: number
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
    if (check !== null) rows.push({ ...check, key: name, name: words.rows[name] })
  }
  if (run.ledger !== null) {
    const { bookedWei, eventsWei, driftWei } = run.ledger
    const amounts = { baseWei: null, expectedWei: bookedWei, actualWei: eventsWei, driftWei }
    rows.push({ ...amounts, key: 'ledger', name: words.rows.ledger })
  }
  for (const { token, symbol, decimals, base, expected, actual, drift } of run.otherTokens) {
    const amounts = { baseWei: base, expectedWei: expected, actualWei: actual, driftWei: drift }
    rows.push({ ...amounts, key: token, name: symbol, decimals })
  }
  if (rows.length === 0) return null
  const columns: readonly Column<Row>[] = [
    { key: 'account', title: words.columns.account, show: ({ name }) => name },
    {
      key: 'base',
      title: words.columns.base,
      isFigure: true,
      show: ({ baseWei, decimals }) => (baseWei === null ? '–' : <Wei wei={baseWei} decimals={decimals} />),
    },
    {
      key: 'expected',
      title: words.columns.expected,
      isFigure: true,
      show: ({ expectedWei, decimals }) => <Wei wei={expectedWei} decimals={decimals} />,
    },
    {
      key: 'actual',
      title: words.columns.actual,
      isFigure: true,
      show: ({ actualWei, decimals }) => <Wei wei={actualWei} decimals={decimals} />,
    },
    {
      key: 'drift',
      title: words.columns.drift,
      isFigure: true,
      show: ({ driftWei, decimals }) => <Wei wei={driftWei} decimals={decimals} isDrift />,
    },
  ]
  return <DataTable label={words.title} rows={rows} columns={columns} keyOf={({ key }) => key} />
}
