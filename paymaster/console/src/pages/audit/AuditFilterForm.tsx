// Narrows the audit log by who, what and when.
import { Button, Group, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { type AuditFilterValues, noFilter } from './filter.ts'
import { auditWords } from './words.ts'

export function AuditFilterForm({
  values,
  onChange,
}: {
  readonly values: AuditFilterValues
  readonly onChange: (values: AuditFilterValues) => void
}) {
  const words = useWords(auditWords).filter
  const field = (name: keyof AuditFilterValues) => ({
    value: values[name],
    onChange: (event: { readonly currentTarget: HTMLInputElement }) =>
      onChange({ ...values, [name]: event.currentTarget.value }),
  })
  const isEmpty = Object.values(values).every(value => value === '')
  return (
    <Group gap="sm" align="flex-end" role="search">
      <TextInput label={words.actor} placeholder={words.actorHint} maxLength={128} {...field('actor')} />
      <TextInput label={words.action} placeholder={words.actionHint} maxLength={64} {...field('action')} />
      <TextInput label={words.from} type="date" {...field('fromDay')} />
      <TextInput label={words.to} type="date" {...field('toDay')} />
      {!isEmpty && (
        <Button variant="subtle" onClick={() => onChange(noFilter)}>
          {words.clear}
        </Button>
      )}
    </Group>
  )
}
