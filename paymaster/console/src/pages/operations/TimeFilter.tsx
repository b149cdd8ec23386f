// Which time the explorer looks at, by the choices that are usual; another stands in a link.
import { Select } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../i18n/words.ts'
import type { OperationsFilter } from './search.ts'
import { operationsWords } from './words.ts'

const spansSeconds = { lastHour: 3_600, lastDay: 86_400, lastWeek: 604_800 } as const
type Span = keyof typeof spansSeconds

export function TimeFilter({
  filter,
  onChange,
}: {
  readonly filter: OperationsFilter
  readonly onChange: (changed: OperationsFilter) => void
}) {
  const words = useWords(operationsWords)
  const [span, setSpan] = useState<Span>()
  const isSet = filter.fromSeconds !== undefined || filter.untilSeconds !== undefined
  const value = isSet ? (span ?? 'between') : 'anyTime'
  const names = [
    'anyTime',
    'lastHour',
    'lastDay',
    'lastWeek',
    ...(value === 'between' ? ['between'] : []),
  ] as const
  return (
    <Select
      label={words.time}
      value={value}
      data={names.map(name => ({ value: name, label: words[name as Span | 'anyTime' | 'between'] }))}
      allowDeselect={false}
      w={160}
      onChange={chosen => {
        const seconds = spansSeconds[chosen as Span] as number | undefined
        setSpan(seconds === undefined ? undefined : (chosen as Span))
        const fromSeconds =
          seconds === undefined ? undefined : String(Math.floor(Date.now() / 1000) - seconds)
        if (chosen !== 'between') onChange({ fromSeconds, untilSeconds: undefined })
      }}
    />
  )
}
