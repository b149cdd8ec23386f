// Rows of records: a table where there is room, cards on a phone. Columns say how each is shown; nobody scrolls sideways.
import { Table } from '@mantine/core'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'

export type Column<Row> = {
  readonly key: string
  readonly title: string
  readonly show: (row: Row) => ReactNode
  /** Figures stand right, digit under digit. */
  readonly isFigure?: boolean
}

export function DataTable<Row>({
  label,
  rows,
  columns,
  keyOf,
  onOpen,
}: {
  /** For a screen reader: what the rows are. */
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  /** A click anywhere on the row; the first column should hold a link or button that does the same. */
  readonly onOpen?: (row: Row) => void
}) {
  const opening = (row: Row) =>
    onOpen && {
      className: 'opens',
      onClick: (event: MouseEvent) => {
        if (!(event.target as Element).closest('a, button')) onOpen(row)
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row)
      },
    }
  return (
    <Table
      aria-label={label}
      className="records"
      highlightOnHover={onOpen !== undefined}
      verticalSpacing="xs"
    >
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ key, title, isFigure }) => (
            <Table.Th key={key} ta={isFigure ? 'right' : undefined}>
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(row => (
          <Table.Tr key={keyOf(row)} {...opening(row)}>
            {columns.map(({ key, title, show, isFigure }) => (
              <Table.Td key={key} data-title={title} ta={isFigure ? 'right' : undefined}>
                {show(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
