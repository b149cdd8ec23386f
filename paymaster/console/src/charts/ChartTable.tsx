// A chart's figures as a table, folded away; only steps in which something happened.
import { ScrollArea, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { dictionary, useWords } from '../i18n/words.ts'
import type { SeriesChartProperties } from './SeriesChart.tsx'

const chartWords = dictionary(
  { asTable: 'As a table', from: 'From', nothing: 'Nothing in this time.' },
  { asTable: '표로 보기', from: '시작', nothing: '이 기간에는 없습니다.' },
)

export function ChartTable({ label, startsAtSeconds, series, format }: SeriesChartProperties) {
  const words = useWords(chartWords)
  const language = useLanguage()
  const [isOpen, setIsOpen] = useState(false)
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' })
  const rows = startsAtSeconds
    .map((at, index) => ({ at, values: series.map(({ values }) => values[index] ?? 0) }))
    .filter(({ values }) => values.some(value => value !== 0))
    .reverse()
  return (
    <details onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary className="unfolds">{words.asTable}</summary>
      {isOpen && rows.length === 0 && <Text size="sm">{words.nothing}</Text>}
      {isOpen && rows.length > 0 && (
        <ScrollArea.Autosize mah={260} tabIndex={0} role="region" aria-label={label}>
          <Table aria-label={label} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.from}</Table.Th>
                {series.map(({ name }) => (
                  <Table.Th key={name} ta="right">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ at, values }) => (
                <Table.Tr key={at}>
                  <Table.Th scope="row" fw={400}>
                    {moment.format(at * 1000)}
                  </Table.Th>
                  {values.map((value, index) => (
                    <Table.Td key={series[index]?.name} ta="right" className="figure">
                      {format(value)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </details>
  )
}
