// One limit: gas, operations, and the time in which they count.
import { Fieldset, Group, NativeSelect, Text } from '@mantine/core'
import type { PolicyDefinition } from '../../../../../../src/admin/policies/schema.ts'
import { useWords } from '../../../../i18n/words.ts'
import { type Path, valueAt } from '../../definition.ts'
import type { Draft } from '../../useDraft.ts'
import { policiesWords } from '../../words.ts'
import { editWords } from '../words.ts'
import { NumberField, TextField } from './fields.tsx'

export function LimitFields(properties: {
  readonly draft: Draft
  readonly definition: PolicyDefinition
  readonly path: Path
  readonly title: string
  readonly isRequired?: boolean
}) {
  const { draft, definition, path, title, isRequired = false } = properties
  const words = useWords(editWords)
  const { windows } = useWords(policiesWords)
  const value = valueAt(definition, path)
  return (
    <Fieldset legend={title} variant="unstyled">
      {Array.isArray(value) ? (
        <Text size="sm" c="dimmed">
          {words.severalWindows}
        </Text>
      ) : (
        <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
          <TextField draft={draft} path={[...path, 'costWei']} label={words.cost} isRequired={isRequired} />
          <NumberField draft={draft} path={[...path, 'operations']} label={words.operations} />
          <NativeSelect
            label={words.window}
            value={String(valueAt(definition, [...path, 'window']) ?? 'day')}
            data={Object.entries(windows).map(([window, label]) => ({ value: window, label }))}
            onChange={event => draft.setAt([...path, 'window'], event.currentTarget.value)}
          />
        </Group>
      )}
    </Fieldset>
  )
}
