// What narrows the explorer. Each change is in force at once; typing waits for a pause.
import { Button, CloseButton, Group, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { PolicyList } from '../../../../src/admin/policies/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { nameOf, operationWords } from '../../i18n/operationWords.ts'
import { useWords } from '../../i18n/words.ts'
import type { OperationsFilter } from './search.ts'
import { TimeFilter } from './TimeFilter.tsx'
import { operationsWords } from './words.ts'

export function Filters({
  filter,
  onChange,
  onClear,
}: {
  readonly filter: OperationsFilter
  readonly onChange: (changed: OperationsFilter) => void
  readonly onClear: () => void
}) {
  const words = useWords(operationsWords)
  const { outcomes, states, modes, reasons } = useWords(operationWords)
  const policies = useApiQuery<PolicyList>({ path: 'policies', live: ['policy'] }).data?.items ?? []
  const choices = (names: Readonly<Record<string, string>>, chosen: string | undefined) =>
    [...new Set([...Object.keys(names), ...(chosen === undefined ? [] : [chosen])])].map(value => ({
      value,
      label: nameOf(names, value),
    }))
  const policyNames = Object.fromEntries(policies.map(({ id, name }) => [id, name]))
  return (
    <Group component="search" gap="sm" align="flex-end" className="filters">
      <SearchField value={filter.search ?? ''} onChange={search => onChange({ search })} />
      <SegmentedControl
        aria-label={words.outcome}
        className="outcomes"
        value={filter.outcome ?? 'all'}
        data={[
          { value: 'all', label: words.all },
          { value: 'granted', label: outcomes.granted },
          { value: 'refused', label: outcomes.refused },
        ]}
        onChange={value =>
          onChange({
            outcome: value === 'all' ? undefined : value,
            // A reason is of refusals alone, a state of what was granted.
            ...(value === 'granted' && { reason: undefined }),
            ...(value === 'refused' && { state: undefined }),
          })
        }
      />
      <TimeFilter filter={filter} onChange={onChange} />
      <Choice
        label={words.policy}
        value={filter.policyId}
        data={choices(policyNames, filter.policyId)}
        onChange={policyId => onChange({ policyId })}
      />
      {filter.outcome !== 'refused' && (
        <Choice
          label={words.state}
          value={filter.state}
          data={choices(states, filter.state).filter(({ value }) => value !== 'none')}
          onChange={state => onChange({ state })}
        />
      )}
      {filter.outcome !== 'granted' && (
        <Choice
          label={words.reason}
          value={filter.reason}
          data={choices(reasons, filter.reason)}
          onChange={reason => onChange({ reason })}
        />
      )}
      <Choice
        label={words.mode}
        value={filter.mode}
        data={choices(modes, filter.mode)}
        onChange={mode => onChange({ mode })}
      />
      {filter.sender !== undefined && (
        <TextInput
          label={words.sender}
          value={filter.sender}
          readOnly
          w={190}
          rightSection={<Clear onClick={() => onChange({ sender: undefined })} />}
        />
      )}
      {filter.apiKeyId !== undefined && (
        <TextInput
          label={words.apiKey}
          value={filter.apiKeyId}
          readOnly
          w={190}
          rightSection={<Clear onClick={() => onChange({ apiKeyId: undefined })} />}
        />
      )}
      {Object.keys(filter).length > 0 && (
        <Button variant="subtle" leftSection={<IconFilterOff size={16} aria-hidden />} onClick={onClear}>
          {words.clear}
        </Button>
      )}
    </Group>
  )
}

function SearchField({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const words = useWords(operationsWords)
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const tell = useDebouncedCallback(onChange, 350)
  return (
    <TextInput
      type="search"
      label={words.search}
      placeholder={words.searchHint}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      className="search"
      maxLength={80}
      onChange={event => {
        setTyped(event.currentTarget.value)
        tell(event.currentTarget.value.trim())
      }}
    />
  )
}

function Choice(properties: {
  readonly label: string
  readonly value: string | undefined
  readonly data: { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string | undefined) => void
}) {
  const words = useWords(operationsWords)
  const { label, value, data, onChange } = properties
  return (
    <Select
      label={label}
      placeholder={words.any}
      value={value ?? null}
      data={data}
      onChange={chosen => onChange(chosen ?? undefined)}
      clearable
      searchable={data.length > 8}
      w={170}
    />
  )
}

function Clear({ onClick }: { readonly onClick: () => void }) {
  const words = useWords(operationsWords)
  return <CloseButton size="sm" aria-label={words.clear} onClick={onClick} />
}
